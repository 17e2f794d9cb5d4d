using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>Events as a person reads them on a terminal: a line each, its time and its sentence, and below it what was found in it. Pure.</summary>
internal static partial class Readable
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
                lines.Append(BelowEvent).Append("! ").Append(Harmful().Replace(headline, "?")).Append('\n');
                continue;
            }

            lines.Append(each.Time is { } time ? $"{time.UtcDateTime:u}" : NoTime).Append("  ").Append(Harmful().Replace(Summary(each), "?")).Append('\n');
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

    // Somebody's name may hold what moves the cursor, ends the line, or turns the direction of writing.
    [GeneratedRegex(@"[\p{Cc}\u061C\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069]", RegexOptions.CultureInvariant)]
    private static partial Regex Harmful();
}
