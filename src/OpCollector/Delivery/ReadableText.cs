using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>
/// For a person: a line with the time and the sentence of each event, and below it what was found. Pure.
/// </summary>
/// <param name="width">How many columns a line may have; the rest of it is set below its beginning.</param>
/// <param name="isColored">Whether findings are marked by a colour.</param>
internal sealed class ReadableText(int width, bool isColored) : PreviewFormat
{
    static readonly string BelowEvent = new(' ', 22);

    const int FewestColumns = 20;
    const string NoTime = "no time             ";

    const string Yellow = "\u001b[33m";
    const string Plain = "\u001b[0m";

    public override ReadOnlyMemory<byte> Print(Batch batch)
    {
        var lines = new StringBuilder();
        foreach (var each in batch.Events)
        {
            if (each.Headline is { } headline)
            {
                lines.Append(isColored ? Yellow : "");
                Append(lines, BelowEvent, $"! {ForeignText.Printable(headline.Text)}");
                lines.Append(isColored ? Plain : "");
                continue;
            }

            var time = each.Time is { } happened ? $"{happened.UtcDateTime:u}  " : $"{NoTime}  ";
            Append(lines, time, ForeignText.Printable(Summary(each)).TrimEnd());
        }

        return Encoding.UTF8.GetBytes(lines.ToString());
    }

    // Whole words below each other; where the screen is too narrow for that, as it is.
    void Append(StringBuilder lines, string beginning, string text)
    {
        var room = width - beginning.Length;
        lines.Append(beginning);
        while (room >= FewestColumns && text.Length > room && text.LastIndexOf(' ', room) is > 0 and var at)
        {
            lines.Append(text.AsSpan(0, at)).Append('\n').Append(BelowEvent);
            text = text[(at + 1)..];
        }

        lines.Append(text).Append('\n');
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
