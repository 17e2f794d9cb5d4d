using System.Globalization;
using System.Text.Json;

namespace OpCollector.Events;

/// <summary>Counts the events that tell a time which cannot be read, and keeps one as an example: rules with a span of time do not see them, and nobody would know.</summary>
internal sealed class UnreadableTimes
{
    long _count;
    string _example = "";

    /// <summary>What is to be told, once; null where every time could be read.</summary>
    public string? Warning => _count == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{_count} event{(_count == 1 ? " has" : "s have")} a time that cannot be read, and rules with a span of time do not see {(_count == 1 ? "it" : "them")}, such as {_example}; a time looks like 2026-11-01T10:00:00Z");

    /// <summary>Looks at an event of which no time is known; one that tells none at all is not counted.</summary>
    public void Add(string id, ReadOnlyMemory<byte> bytes)
    {
        if (Written(bytes.Span) is not { } written)
        {
            return;
        }

        _example = _count++ > 0 ? _example : $"{written} in event {ForeignText.Of(id)}";
    }

    static ForeignText? Written(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, PageJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isTime = reader.Is("time"u8) || reader.Is("timestamp"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isTime)
            {
                return ForeignText.Of(json[start..(int)reader.BytesConsumed]);
            }
        }

        return null;
    }
}
