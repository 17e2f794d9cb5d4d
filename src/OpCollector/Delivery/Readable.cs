using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>
/// Events as a person reads them on a terminal: a line with the time and the sentence, and below it what was found. Pure.
/// </summary>
internal static class Readable
{
    static readonly string BelowEvent = new(' ', 22);

    const string NoTime = "no time             ";

    public static ReadOnlyMemory<byte> Lines(Batch batch)
    {
        var lines = new StringBuilder();
        foreach (var each in batch.Events)
        {
            if (each.Headline is { } headline)
            {
                lines.Append(BelowEvent).Append("! ").Append(ForeignText.Printable(headline)).Append('\n');
                continue;
            }

            lines.Append(each.Time is { } time ? $"{time.UtcDateTime:u}" : NoTime)
                .Append("  ").Append(ForeignText.Printable(Summary(each)).TrimEnd()).Append('\n');
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    // What cannot be put into a sentence is shown as it is.
    static string Summary(ActivityEvent each)
    {
        var reader = new Utf8JsonReader(each.Bytes.Span, PageJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isSummary = reader.Is("summary"u8);
            reader.Read();
            if (isSummary && reader.TokenType == JsonTokenType.String)
            {
                return reader.Text();
            }

            reader.Skip();
        }

        return each.ToString();
    }
}
