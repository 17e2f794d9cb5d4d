using System.Text;
using System.Text.Json;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// The members of an event or a finding, found in one pass, and taken one by one into another structure. What was not taken is the rest,
/// and is not lost. Of a doubled member the last one counts; the others are part of the rest. One is enough for a page.
/// </summary>
internal sealed class OcsfMembers
{
    const int Usual = 64;

    // The index of each member among the places; 0 where it is missing.
    readonly int[] _at = new int[(int)OcsfMember.Event + 1];

    // In the order in which they stand, objects before what they hold; the first is the event itself.
    Place[] _places = new Place[Usual];
    int _count;
    ReadOnlyMemory<byte> _json;

    /// <summary>Goes on to another event.</summary>
    /// <param name="json">An object, compacted.</param>
    public void Read(ReadOnlyMemory<byte> json)
    {
        Array.Clear(_at);
        _json = json;
        _count = 0;
        var reader = new ValidJsonReader(json.Span);
        reader.ReadValue();
        Read(ref reader, new Place { End = json.Length }, OcsfMembersByName.Outer);
    }

    /// <summary>Takes a text that is not empty, with its quotes; nothing where there is none.</summary>
    public ReadOnlySpan<byte> Text(OcsfMember member)
    {
        var text = Peek(member);
        _places[_at[(int)member]].IsTaken |= !text.IsEmpty;
        return text;
    }

    /// <summary>The same without taking it.</summary>
    public ReadOnlySpan<byte> Peek(OcsfMember member) =>
        Value(member) is [(byte)'"', not (byte)'"', ..] text ? text : default;

    /// <summary>The letters of a text, as many as there is room for; nothing where there is none. It is not taken.</summary>
    public ReadOnlySpan<char> Word(OcsfMember member, Span<char> room) =>
        Peek(member) is { Length: > 2 } text
            ? room[..Encoding.UTF8.GetChars(text[1..Math.Min(text.Length - 1, room.Length)], room)]
            : default;

    /// <summary>Takes a number; nothing where there is none.</summary>
    public ReadOnlySpan<byte> Number(OcsfMember member) =>
        Value(member) is [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..] ? Any(member) : default;

    /// <summary>Takes whatever is there.</summary>
    public ReadOnlySpan<byte> Any(OcsfMember member)
    {
        _places[_at[(int)member]].IsTaken = true;
        return Value(member);
    }

    /// <summary>Takes the items of a list, each as it is written; takes nothing where the list is missing.</summary>
    public List<ReadOnlyMemory<byte>> List(OcsfMember member)
    {
        var items = new List<ReadOnlyMemory<byte>>();
        if (Value(member) is not [(byte)'[', ..])
        {
            return items;
        }

        ref var place = ref _places[_at[(int)member]];
        place.IsTaken = true;
        var list = _json[place.Start..place.End];
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
        _places[0].IsTaken = false;
        if (HasRest(_places[0], 1))
        {
            WriteRest(to, name, _places[0], 1);
        }
    }

    /// <summary>Reads the members of an object whose beginning a reader is at.</summary>
    void Read(ref ValidJsonReader reader, Place outer, MemberTable<OcsfMember> names)
    {
        var self = Add(outer);
        while (reader.ReadName())
        {
            var member = names.Find(reader);
            var place = new Place { Name = reader.Start, NameEnd = reader.Start + reader.Length, Member = member };
            reader.ReadValue();
            place.Start = reader.TokenType == JsonTokenType.String ? reader.Start - 1 : reader.Start;
            var inner = reader.TokenType == JsonTokenType.StartObject ? OcsfMembersByName.Find(member) : null;
            var at = _count;
            if (member != OcsfMember.None)
            {
                Forget(member);
                _at[(int)member] = at;
            }

            if (inner is null)
            {
                reader.Skip();
                place.End = reader.End;
                Add(place);
            }
            else
            {
                Read(ref reader, place, inner);
                _places[at].End = reader.End;
            }
        }

        _places[self].Next = _count;
    }

    int Add(Place place)
    {
        if (_count == _places.Length)
        {
            Array.Resize(ref _places, 2 * _count);
        }

        place.Next = _count + 1;
        _places[_count] = place;
        return _count++;
    }

    // What an object of the same name held, which does not count.
    void Forget(OcsfMember member)
    {
        if (_at[(int)member] is > 0 and var before)
        {
            for (var each = before + 1; each < _places[before].Next; each++)
            {
                _at[(int)_places[each].Member] = 0;
            }
        }
    }

    bool HasRest(in Place outer, int first)
    {
        for (var at = first; at < outer.Next; at = _places[at].Next)
        {
            if (!_places[at].IsTaken && (_places[at].Next == at + 1 || HasRest(_places[at], at + 1)))
            {
                return true;
            }
        }

        return false;
    }

    void WriteRest(NestedJson to, ReadOnlySpan<byte> name, in Place outer, int first)
    {
        var json = _json.Span;
        to.Open(name);
        for (var at = first; at < outer.Next; at = _places[at].Next)
        {
            ref readonly var place = ref _places[at];
            var own = place.Member == OcsfMember.None ? json[place.Name..place.NameEnd] : OcsfMembersByName.Name(place.Member);
            if (place.IsTaken)
            {
                continue;
            }

            if (place.Next == at + 1)
            {
                to.Raw(own, json[place.Start..place.End]);
            }
            else if (HasRest(place, at + 1))
            {
                WriteRest(to, own, place, at + 1);
            }
        }

        to.Close();
    }

    // The event itself, which does not have a value here, marks a member that is missing.
    ReadOnlySpan<byte> Value(OcsfMember member)
    {
        var at = _at[(int)member];
        return at == 0 ? default : _json.Span[_places[at].Start.._places[at].End];
    }

    /// <summary>The place of a member in the event.</summary>
    struct Place
    {
        public int Name;
        public int NameEnd;
        public int Start;
        public int End;

        /// <summary>What comes behind it and what it holds.</summary>
        public int Next;

        public OcsfMember Member;
        public bool IsTaken;
    }
}
