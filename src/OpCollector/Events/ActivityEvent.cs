using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpCollector.Events;

/// <summary>
/// One event: its bytes as the source showed them, less the white space between tokens, and the few fields the way is
/// chosen by. Nothing is re-encoded, so nothing that 1Password may add tomorrow is lost.
/// </summary>
/// <param name="Eid">The id op gives to an event; ascending, with gaps. 0 for what has none: an event of the Events API, or what lay in
/// the quarantine.</param>
/// <param name="Time">When it happened; null where the event does not say so in a form we can read.</param>
internal sealed record ActivityEvent(long Eid, DateTimeOffset? Time, ReadOnlyMemory<byte> Bytes)
{
    // 1Password is younger: an older time is wrong, and a receiver would keep such an event where nobody looks, or nowhere.
    static readonly DateTimeOffset Earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly ReadOnlyMemory<byte>? _sent;

    /// <summary>What a receiver, and the quarantine, know the event by.</summary>
    public string Id { get; init; } = Eid.ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// Of a finding, its level and title: it travels as an event of its own, directly behind the event that caused it. Null for what the
    /// source showed.
    /// </summary>
    public Headline? Headline { get; init; }

    public bool IsFinding => Headline is not null;

    /// <summary>What is sent for it: its bytes, where no form says otherwise.</summary>
    public ReadOnlyMemory<byte> Sent
    {
        get => _sent ?? Bytes;
        init => _sent = value;
    }

    /// <summary>When it happened, as far as a receiver can use it.</summary>
    public DateTimeOffset? UsableTime => Time >= Earliest ? Time : null;

    /// <summary>An item by itself, already compacted.</summary>
    /// <exception cref="NoJsonException">It is not JSON.</exception>
    public static (ActivityEvent? Event, MalformedEvent? Malformed) Read(ReadOnlyMemory<byte> item, EventIdentity shape) =>
        SafeJson.Read(item, json =>
        {
            var reader = new Utf8JsonReader(json.Span, PageJson.ReaderOptions);
            reader.Read();
            return Read(ref reader, json, shape);
        });

    /// <summary>
    /// Reads the item of a page whose first token a reader of <paramref name="json"/> is at. What is not a JSON object, holds
    /// invalid UTF-8 or has no usable id is a <see cref="MalformedEvent"/>: the page's other events go on without it.
    /// </summary>
    /// <exception cref="JsonException">The page is broken in it.</exception>
    public static (ActivityEvent? Event, MalformedEvent? Malformed) Read(
        ref Utf8JsonReader reader, ReadOnlyMemory<byte> json, EventIdentity shape)
    {
        var start = (int)reader.TokenStartIndex;
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        (long Eid, string Id)? id = null;
        DateTimeOffset? time = null;
        while (isObject && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Of a doubled member the last one counts, as with most readers of JSON.
            if (shape.IsId(reader))
            {
                reader.Read();
                id = shape.IdIn(reader);
            }
            else if (shape.IsTime(reader))
            {
                reader.Read();
                time = EventTime.Read(reader);
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }

        reader.Skip();
        var item = PageJson.Compact(json[start..(int)reader.BytesConsumed]);
        return !isObject ? (null, new MalformedEvent(item, "is not a JSON object"))
            : !System.Text.Unicode.Utf8.IsValid(item.Span) ? (null, new MalformedEvent(item, "holds invalid UTF-8"))
            : id is { } known ? (new ActivityEvent(known.Eid, time, item) { Id = known.Id }, null)
            : (null, new MalformedEvent(item, shape.Complaint));
    }

    public override string ToString() => Encoding.UTF8.GetString(Bytes.Span);
}
