using System.Globalization;
using System.Text.Json;

namespace OpCollector.Events;

/// <summary>
/// Counts the events whose time is missing or cannot be read, and keeps one as an example. Rules with a span of time do not see these
/// events, so the run has to say it.
/// </summary>
internal sealed class UnreadableTimes
{
    const string ExampleTime = "2026-11-01T10:00:00Z";

    long _count;
    long _without;
    string? _example;
    string _exampleWithout = "";

    /// <summary>What is to be reported, once; null where every time could be read.</summary>
    public string? Warning => (_count, _without) switch
    {
        (0, 0) => null,
        (0, _) => Sentence(_without, _without == 1 ? "event tells no time" : "events tell no time", _exampleWithout),
        (_, 0) => Sentence(_count, $"{(_count == 1 ? "event has" : "events have")} a time that cannot be read", _example!),
        _ => Sentence(_count + _without, "events have a time that cannot be read, or none", _example!),
    };

    /// <summary>Looks at an event of which no time is known.</summary>
    public void Add(string id, ReadOnlyMemory<byte> bytes)
    {
        if (Written(bytes.Span) is { } written)
        {
            _count++;
            _example ??= $"{written} in event {ForeignText.Clean(id)}";
        }
        else if (_without++ == 0)
        {
            _exampleWithout = $"event {ForeignText.Clean(id)}";
        }
    }

    static string Sentence(long number, string what, string example)
    {
        var unseen = $"rules with a span of time do not see {(number == 1 ? "it" : "them")}";
        return string.Create(
            CultureInfo.InvariantCulture, $"{number} {what}, and {unseen}, such as {example}; a time looks like {ExampleTime}");
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
                return ForeignText.Clean(json[start..(int)reader.BytesConsumed]);
            }
        }

        return null;
    }
}
