using System.Runtime.CompilerServices;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// Where the values of an event's members stand, whole: a text with its quotes. Of a doubled member the last one counts.
/// </summary>
internal readonly ref struct RawMembers
{
    const int Count = (int)EventMember.Summary + 1;

    readonly ReadOnlySpan<byte> _json;
    readonly Extents _extents;

    /// <param name="json">A whole event, compacted.</param>
    public RawMembers(ReadOnlySpan<byte> json, Dialect dialect)
    {
        _json = json;
        var reader = new ValidJsonReader(json);
        reader.ReadValue();
        while (reader.ReadName())
        {
            var member = dialect.Find(reader);
            var value = Value(ref reader);
            if (member != EventMember.None)
            {
                _extents[(int)member] = value;
            }
        }
    }

    /// <summary>The value of a member; empty where there is none.</summary>
    public ReadOnlySpan<byte> this[EventMember member] => _json[_extents[(int)member]];

    /// <summary>A member that is a text, as it is written between its quotes; empty where it is something else.</summary>
    public ReadOnlySpan<byte> Text(EventMember member) => this[member] is [(byte)'"', .. var text, (byte)'"'] ? text : default;

    /// <summary>Whether the value at that place is that of the member, which may occur twice.</summary>
    public bool IsAt(EventMember member, Range value) => _extents[(int)member].Equals(value);

    /// <summary>Reads the value behind the name that a reader is at.</summary>
    public static Range Value(ref ValidJsonReader reader)
    {
        reader.ReadValue();
        var start = reader.TokenType == JsonTokenType.String ? reader.Start - 1 : reader.Start;
        reader.Skip();
        return start..reader.End;
    }

    [InlineArray(Count)]
    struct Extents
    {
        Range _first;
    }
}
