using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>A word somewhere in the event, at any depth, in whatever value.</summary>
internal sealed class KeywordMatcher(ValueTest test) : Matcher
{
    public override bool Matches(EventView view)
    {
        var reader = new Utf8JsonReader(view.Bytes.Span, PageJson.ReaderOptions);
        while (reader.Read())
        {
            var quote = reader.TokenType == JsonTokenType.String ? 1 : 0;
            var start = (int)reader.TokenStartIndex + quote;
            var value = new FieldValue(reader.TokenType, start, reader.ValueSpan.Length, quote == 1 && reader.ValueIsEscaped, -1);
            if (value.IsScalar && test.Matches(view, value))
            {
                return true;
            }
        }

        return false;
    }
}
