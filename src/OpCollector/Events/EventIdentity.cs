using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpCollector.Events;

/// <summary>In which members an event tells its id and its time: op, the Events API and findings have names of their own.</summary>
internal sealed class EventIdentity
{
    // 1Password's have 26 characters; what is much longer would not fit where receivers keep ids.
    const int LongestUuid = 128;

    public static readonly EventIdentity Op = For(Dialect.Op);
    public static readonly EventIdentity EventsApi = For(Dialect.EventsApi);

    /// <summary>A finding, which travels as an event of its own.</summary>
    public static readonly EventIdentity Finding = new("id", "time");

    // Not texts: they are compared with every member's name of every event.
    readonly byte[] _id;
    readonly byte[] _time;

    EventIdentity(string id, string time) => (_id, _time) = (Encoding.UTF8.GetBytes(id), Encoding.UTF8.GetBytes(time));

    static EventIdentity For(Dialect dialect) => new(dialect[EventMember.Id], dialect[EventMember.Time]);

    /// <summary>What is wrong with an event without an id, as the end of a sentence.</summary>
    public string Complaint => $"has no usable {Encoding.UTF8.GetString(_id)}";

    public bool IsId(in Utf8JsonReader name) => name.Is(_id);

    public bool IsTime(in Utf8JsonReader name) => name.Is(_time);

    /// <summary>The id in a value: op's is a number above 0, the others' a text.</summary>
    public (long Eid, string Id)? IdIn(in Utf8JsonReader value) => (this == Op, value.TokenType) switch
    {
        (true, JsonTokenType.Number) =>
            value.TryGetInt64(out var eid) && eid > 0 ? (eid, eid.ToString(CultureInfo.InvariantCulture)) : null,
        (false, JsonTokenType.String) =>
            value is { ValueIsEscaped: false, ValueSpan.Length: > 0 and <= LongestUuid }
                ? (0, Encoding.UTF8.GetString(value.ValueSpan))
                : null,
        _ => null,
    };
}
