using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>One answer of a stream: its items in the order in which the API showed them, and where it goes on.</summary>
/// <param name="HasMore">Whether there may be more; false ends the stream for now, though its cursor stays good.</param>
/// <param name="Size">How many bytes the answer has.</param>
internal sealed record EventsApiPage(
    IReadOnlyList<ActivityEvent> Events,
    IReadOnlyList<MalformedEvent> Malformed,
    string Cursor,
    bool HasMore,
    int Size)
{
    /// <summary>The most bytes that a page may have; a thousand events have about a million.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    // Some hundred letters; it is kept in the checkpoint.
    const int LongestCursor = 64 * 1024;

    public bool IsEmpty => Events.Count + Malformed.Count == 0;

    /// <summary>Whether nothing comes behind it. At its end a stream gives the same cursor again, whatever it says of more.</summary>
    /// <param name="asked">The cursor that it was asked for with.</param>
    public bool IsEndAfter(string? asked) => !HasMore || (Cursor == asked && IsEmpty);

    /// <exception cref="NoJsonException">It is not such an answer, or only a part of one.</exception>
    public static EventsApiPage Parse(ReadOnlyMemory<byte> json) => SafeJson.Read(json, ParseMembers);

    // Long: one pass over the page finds its three members.
    static EventsApiPage ParseMembers(ReadOnlyMemory<byte> json)
    {
        var items = new List<(ActivityEvent?, MalformedEvent?)>(1000);
        string? cursor = null;
        var (hasMore, hasItems) = (false, false);
        var reader = new Utf8JsonReader(json.Span, PageJson.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new NoJsonException("it is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isCursor, isMore, isItems) = (reader.Is("cursor"u8), reader.Is("has_more"u8), reader.Is("items"u8));
            reader.Read();
            switch (reader.TokenType)
            {
                case JsonTokenType.String when isCursor:
                    cursor = reader.Text();
                    break;
                case JsonTokenType.True when isMore:
                    hasMore = true;
                    break;
                case JsonTokenType.StartArray when isItems:
                    hasItems = true;
                    PageJson.ReadItems(
                        ref reader,
                        json,
                        static (ref reader, page) => ActivityEvent.Read(ref reader, page, EventIdentity.EventsApi),
                        items,
                        PageJson.MostEvents);
                    break;
                case var _ when isItems:
                    throw new NoJsonException("its \"items\" are not a list");
                default:
                    reader.Skip();
                    break;
            }
        }

        // Reading on finds what is after the last brace.
        reader.Read();
        // Documented to be there always. Without a cursor going on would mean to begin again, and again; without a list of events it would
        // mean to take another API's answer for the end of the stream.
        return string.IsNullOrEmpty(cursor) ? throw new NoJsonException("it has no cursor")
            : cursor.Length > LongestCursor ? throw new NoJsonException("its cursor is longer than any that can be kept")
            : !hasItems ? throw new NoJsonException("it has no list \"items\"")
            : Create(items, cursor, hasMore, json.Length);
    }

    static EventsApiPage Create(List<(ActivityEvent? Read, MalformedEvent? Unreadable)> items, string cursor, bool hasMore, int size)
    {
        var events = new List<ActivityEvent>(items.Count);
        var malformed = new List<MalformedEvent>();
        var ids = new Dictionary<string, ReadOnlyMemory<byte>>(items.Count);
        foreach (var (read, unreadable) in items)
        {
            if (read is null)
            {
                malformed.Add(unreadable!);
            }
            else if (ids.TryAdd(read.Id, read.Bytes) || !ids[read.Id].Span.SequenceEqual(read.Bytes.Span))
            {
                // Equal twins are one event. Twins that differ stay two, and both are delivered.
                events.Add(read);
            }
        }

        return new EventsApiPage(events, malformed, cursor, hasMore, size);
    }
}
