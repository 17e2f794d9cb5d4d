using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OpCollector.Events;

/// <summary>
/// What a file tells of an event that no source has tagged. The stream is the one the event says itself, else the one whose
/// documented members it has; a source tags its events and is never guessed at.
/// </summary>
/// <param name="Stream">Null where nothing tells.</param>
/// <param name="Time">Null where the event does not say so in a form we can read.</param>
/// <param name="ListAt">Where the list of a page begins.</param>
internal readonly record struct UntaggedEvent(
    string? Stream, string Id, DateTimeOffset? Time, ObjectKind Kind, int ListAt = -1)
{
    const int LongestId = 1024;

    // Each of these members belongs to one stream alone.
    static readonly MemberTable<string> StreamOf = new(
        (Dialect.Op[EventMember.Id], Streams.Audit),
        (Dialect.EventsApi[EventMember.ObjectType], Streams.Audit),
        (Dialect.EventsApi[EventMember.Actor], Streams.Audit),
        (Dialect.EventsApi[EventMember.TargetUser], Streams.SignIn),
        (Dialect.EventsApi[EventMember.Session], Streams.SignIn),
        (Dialect.EventsApi[EventMember.Item], Streams.ItemUsage),
        (Dialect.EventsApi[EventMember.UsedVersion], Streams.ItemUsage));

    /// <exception cref="NoJsonException">It is not a JSON object, or is more than one.</exception>
    public static UntaggedEvent Read(ReadOnlyMemory<byte> json) => SafeJson.Read(json, ReadMembers);

    // Long: one pass over the event, which may be very long, finds its marks.
    static UntaggedEvent ReadMembers(ReadOnlyMemory<byte> json)
    {
        var reader = new Utf8JsonReader(json.Span, PageJson.ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new NoJsonException("it is not an object");
        }

        var (said, recognized, id, isFinding, says) = ((string?)null, (string?)null, (string?)null, false, false);
        var (items, list) = (-1, -1);
        DateTimeOffset? time = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = Dialect.Any.Find(reader);
            var (isItems, isKind) = member == EventMember.None ? (reader.Is("items"u8), reader.Is("kind"u8)) : (false, false);
            recognized ??= StreamOf.Find(reader);
            reader.Read();
            switch (member)
            {
                case EventMember.Id:
                    id = reader.TokenType is JsonTokenType.Number or JsonTokenType.String ? IdIn(reader.ValueSpan) : id;
                    break;
                case EventMember.Time:
                    time = EventTime.Read(reader);
                    break;
                case EventMember.Stream:
                    said = reader.TokenType == JsonTokenType.String ? Streams.All.FirstOrDefault(reader.Text().Equals) : null;
                    break;
                case EventMember.None when isKind:
                    isFinding = reader.TokenType == JsonTokenType.String && reader.Is("finding"u8);
                    break;
                default:
                    says |= member is EventMember.Action or EventMember.Category;
                    items = isItems && reader.TokenType is JsonTokenType.StartArray or JsonTokenType.Null
                        ? (int)reader.TokenStartIndex
                        : items;
                    list = list < 0 && BeginsList(reader) ? (int)reader.TokenStartIndex : list;
                    break;
            }

            reader.Skip();
        }

        // Reading on finds what is behind the object.
        reader.Read();
        if (!System.Text.Unicode.Utf8.IsValid(json.Span))
        {
            throw new NoJsonException("it is not UTF-8");
        }

        var isNone = id is null && time is null && !says;
        var isPage = !isFinding && ((id is null && items >= 0) || (isNone && list >= 0));
        return new UntaggedEvent(
            said ?? recognized,
            id ?? new MalformedEvent(json, "has no id").Id,
            time,
            isFinding ? ObjectKind.Finding
                : isPage ? ObjectKind.Page
                : isNone && recognized is null ? ObjectKind.Unknown
                : ObjectKind.Event,
            items >= 0 ? items : list);
    }

    // What is longer than any id is known by its hash, as what has none is.
    static string IdIn(ReadOnlySpan<byte> value) =>
        value.Length <= LongestId ? Encoding.UTF8.GetString(value) : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(value))}";

    static bool BeginsList(Utf8JsonReader ahead) =>
        ahead.TokenType == JsonTokenType.StartArray && ahead.Read() && ahead.TokenType == JsonTokenType.StartObject;
}

/// <summary>What an object in a file of events is.</summary>
internal enum ObjectKind
{
    Event,

    /// <summary>Whether it is a finding that was delivered between the events.</summary>
    Finding,

    /// <summary>Whether it holds a list that may be of events, and is not an event itself.</summary>
    Page,

    /// <summary>It says nothing that an event says.</summary>
    Unknown,
}
