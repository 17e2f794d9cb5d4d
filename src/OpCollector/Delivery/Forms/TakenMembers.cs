using System.Text.Json;

namespace OpCollector.Delivery.Forms;

/// <summary>The members of an object, taken one by one into another structure. What was not taken is the rest, and is not lost.</summary>
internal sealed class TakenMembers
{
    static readonly TakenMembers Nothing = new(default);

    readonly ReadOnlyMemory<byte> _json;
    readonly List<TakenMember> _members = new(24);

    /// <param name="json">An object, compacted; anything else has no members.</param>
    public TakenMembers(ReadOnlyMemory<byte> json)
    {
        _json = json;
        if (json.Span is not [(byte)'{', ..])
        {
            return;
        }

        var reader = new ValidJsonReader(json.Span);
        reader.ReadValue();
        while (reader.ReadName())
        {
            var name = (reader.Start - 1)..reader.End;
            _members.Add(new TakenMember(name, RawMembers.Value(ref reader)));
        }
    }

    /// <summary>Takes a text that is not empty, with its quotes; nothing where there is none.</summary>
    public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> name) => Look(name).IsEmpty ? default : Any(name);

    /// <summary>The same without taking it.</summary>
    public ReadOnlySpan<byte> Look(ReadOnlySpan<byte> name) =>
        Value(Find(name)) is [(byte)'"', not (byte)'"', ..] text ? text : default;

    /// <summary>Takes a number; nothing where there is none.</summary>
    public ReadOnlySpan<byte> Number(ReadOnlySpan<byte> name) =>
        Value(Find(name)) is [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] ? Any(name) : default;

    /// <summary>Takes whatever is there.</summary>
    public ReadOnlySpan<byte> Any(ReadOnlySpan<byte> name)
    {
        var at = Find(name);
        if (at >= 0)
        {
            _members[at] = _members[at] with { IsTaken = true };
        }

        return Value(at);
    }

    /// <summary>The members of an object inside; none where there is no object. What is not taken of them is part of the rest.</summary>
    public TakenMembers Object(ReadOnlySpan<byte> name)
    {
        var at = Find(name);
        if (at < 0 || _json[_members[at].Value].Span is not [(byte)'{', ..])
        {
            return Nothing;
        }

        var inner = _members[at].Inner ?? new TakenMembers(_json[_members[at].Value]);
        _members[at] = _members[at] with { Inner = inner };
        return inner;
    }

    /// <summary>The items of a list inside, each as it stands.</summary>
    public List<ReadOnlyMemory<byte>> List(ReadOnlySpan<byte> name)
    {
        var at = Find(name);
        var items = new List<ReadOnlyMemory<byte>>();
        if (at < 0 || _json[_members[at].Value].Span is not [(byte)'[', ..])
        {
            return items;
        }

        _members[at] = _members[at] with { IsTaken = true };
        var list = _json[_members[at].Value];
        var reader = new ValidJsonReader(list.Span);
        reader.ReadValue();
        while (reader.ReadItem())
        {
            var start = reader.TokenType == JsonTokenType.String ? reader.Start - 1 : reader.Start;
            reader.Skip();
            items.Add(list[start..reader.End]);
        }

        return items;
    }

    /// <summary>Writes what was not taken, as an object; nothing where all was.</summary>
    public void WriteRest(NestedJson to, ReadOnlySpan<byte> name)
    {
        if (!HasRest)
        {
            return;
        }

        to.Open(name);
        foreach (var member in _members.Where(each => !each.IsTaken))
        {
            var own = _json.Span[member.Name][1..^1];
            if (member.Inner is null)
            {
                to.Raw(own, _json.Span[member.Value]);
            }
            else
            {
                member.Inner.WriteRest(to, own);
            }
        }

        to.Close();
    }

    bool HasRest => _members.Any(each => !each.IsTaken && each.Inner is not { HasRest: false });

    ReadOnlySpan<byte> Value(int at) => at < 0 ? default : _json.Span[_members[at].Value];

    // Of a doubled member the last one counts; the others are part of the rest.
    int Find(ReadOnlySpan<byte> name)
    {
        for (var at = _members.Count - 1; at >= 0; at--)
        {
            if (_json.Span[_members[at].Name][1..^1].SequenceEqual(name))
            {
                return at;
            }
        }

        return -1;
    }

    readonly record struct TakenMember(Range Name, Range Value, bool IsTaken = false, TakenMembers? Inner = null);
}
