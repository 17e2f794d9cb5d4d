using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Names;

/// <summary>
/// Where the members of an event are that its names and its sentence are made of, whatever source and stream it comes from. Of a
/// doubled member the last one counts.
/// </summary>
internal readonly ref struct EventMembers
{
    const int Count = (int)EventMember.Summary + 1;

    readonly ReadOnlySpan<byte> _json;
    readonly Places _places;
    readonly ulong _seen;

    /// <param name="json">A whole event, compacted.</param>
    public EventMembers(ReadOnlySpan<byte> json, Dialect dialect)
    {
        _json = json;
        var reader = new ValidJsonReader(json);
        reader.ReadValue();
        while (reader.ReadName())
        {
            var member = dialect.Find(reader);
            reader.ReadValue();
            if (member != EventMember.None)
            {
                _seen |= 1UL << (int)member;
                _places[(int)member] = new Place(reader.TokenType, reader.IsEscaped, reader.Start, reader.Length, reader.End);
            }

            reader.Skip();
        }
    }

    /// <summary>Whether the event has the member, whatever it holds.</summary>
    public bool Has(EventMember member) => (_seen & (1UL << (int)member)) != 0;

    /// <summary>Where a member ends; 0 where the event has none such, or none that is a text.</summary>
    public int End(EventMember member) => _places[(int)member] is { Type: JsonTokenType.String } place ? place.End : 0;

    /// <summary>The text of a member, as it is written between its quotes; empty where it has none.</summary>
    public ReadOnlySpan<byte> Text(EventMember member) => _places[(int)member] switch
    {
        { Type: JsonTokenType.String, IsEscaped: false } place => _json.Slice(place.Start, place.Length),
        { Type: JsonTokenType.String } place => Plain(_json.Slice(place.Start, place.Length)),
        _ => default,
    };

    /// <summary>The object in a member; empty where the member is something else.</summary>
    public EventDetails Details(EventMember member) =>
        _places[(int)member] is { Type: JsonTokenType.StartObject } place ? new EventDetails(_json[place.Start..]) : default;

    // A uuid may be written with escapes, and is the same uuid. Half a character cannot be written otherwise, and stays.
    static ReadOnlySpan<byte> Plain(ReadOnlySpan<byte> escaped)
    {
        try
        {
            return JsonEncodedText.Encode(JsonText.Decode(escaped), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        }
        catch (ArgumentException)
        {
            return escaped;
        }
    }

    readonly record struct Place(JsonTokenType Type, bool IsEscaped, int Start, int Length, int End);

    [InlineArray(Count)]
    struct Places
    {
        Place _first;
    }
}
