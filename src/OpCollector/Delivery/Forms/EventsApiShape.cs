using System.Buffers;
using System.Text;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// op's events under the Events API's names, so that dashboards, parsers and rules which vendors have made for those take them. The values
/// keep their bytes. What comes from the Events API has these names already.
/// </summary>
internal sealed class EventsApiShape() : Shape("events-api")
{
    // What check --send-test delivers.
    static readonly byte[] Test = "{\"kind\":\"test\","u8.ToArray();

    // How a member begins, behind the comma.
    static readonly byte[]?[] Beginnings =
    [
        .. Enum.GetValues<EventMember>()
            .Select(member => Dialect.EventsApi.Has(member) ? Encoding.UTF8.GetBytes($"\"{Dialect.EventsApi[member]}\":") : null),
    ];

    public override ReadOnlyMemory<byte> Convert(ActivityEvent item, string stream, ArrayBufferWriter<byte> buffer)
    {
        var start = buffer.WrittenCount;
        var json = item.Bytes.Span;
        if (item.IsFinding)
        {
            WriteFinding(buffer, json, stream);
            return buffer.WrittenMemory[start..];
        }

        var members = new RawMembers(json, Dialect.Op);
        if (!IsOfOp(members) && !json.StartsWith(Test))
        {
            return item.Bytes;
        }

        WriteEvent(buffer, json, members, stream);
        return buffer.WrittenMemory[start..];
    }

    // The event in a finding is the event before it.
    static void WriteFinding(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> json, string stream)
    {
        var reader = new ValidJsonReader(json);
        reader.ReadValue();
        var written = 0;
        while (reader.ReadName())
        {
            var isEvent = reader.Value.SequenceEqual("event"u8);
            var value = json[RawMembers.Value(ref reader)];
            if (isEvent && value is [(byte)'{', ..] && new RawMembers(value, Dialect.Op) is var members && IsOfOp(members))
            {
                to.Write(json[written..(reader.End - value.Length)]);
                WriteEvent(to, value, members, stream);
                written = reader.End;
            }
        }

        to.Write(json[written..]);
    }

    static bool IsOfOp(in RawMembers members) => !members[EventMember.Id].IsEmpty;

    // Long: one pass, in the order in which the members stand.
    static void WriteEvent(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> json, in RawMembers members, string stream)
    {
        var type = Vocabulary.Standard.Object(members.Text(EventMember.ObjectType));
        var actor = new PersonDetails(members, EventMember.Actor, NameKind.User);
        var target = new PersonDetails(members, EventMember.Object, type.Object);
        var aux = new PersonDetails(members, EventMember.Aux, type.Aux);
        var reader = new ValidJsonReader(json);
        reader.ReadValue();
        var before = "{"u8;
        while (reader.ReadName())
        {
            var name = json[(reader.Start - 1)..reader.End];
            // A test has the id of none.
            var member = name.SequenceEqual("\"id\""u8) && members[EventMember.Id].IsEmpty ? EventMember.Id : Dialect.Op.Find(reader);
            var value = RawMembers.Value(ref reader);
            if (actor.Hold(member) || target.Hold(member) || aux.Hold(member))
            {
                continue;
            }

            to.Write(before);
            before = ","u8;
            if (member == EventMember.Summary && members.IsAt(member, value))
            {
                WriteStream(to, stream);
                to.Write(before);
            }

            WriteMember(to, Beginnings[(int)member], name, member == EventMember.Id, json[value]);
            actor.WriteBehind(to, member, value);
            target.WriteBehind(to, member, value);
            aux.WriteBehind(to, member, value);
        }

        if (members[EventMember.Summary].IsEmpty)
        {
            to.Write(before);
            WriteStream(to, stream);
        }

        to.Write("}"u8);
    }

    static void WriteStream(ArrayBufferWriter<byte> to, string stream)
    {
        to.Write(Beginnings[(int)EventMember.Stream]);
        to.Write("\""u8);
        Encoding.UTF8.GetBytes(stream, to);
        to.Write("\""u8);
    }

    // op's id is a number, the Events API's a text.
    static void WriteMember(
        ArrayBufferWriter<byte> to, ReadOnlySpan<byte> beginning, ReadOnlySpan<byte> name, bool isId, ReadOnlySpan<byte> value)
    {
        if (beginning.IsEmpty)
        {
            to.Write(name);
            to.Write(":"u8);
        }

        var quote = isId && value is not [(byte)'"', ..] ? "\""u8 : ""u8;
        to.Write(beginning);
        to.Write(quote);
        to.Write(value);
        to.Write(quote);
    }
}
