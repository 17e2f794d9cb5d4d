using System.Buffers;
using System.Text;
using OpCollector.Configuration;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// Constants in front of an item's own members (<c>sink.add</c>); what an item says itself is not said a second time. Pure.
/// </summary>
/// <param name="Json">All of them, as they were written.</param>
internal sealed record AddedMembers(string Json)
{
    public static readonly AddedMembers None = new("");

    (byte[] Name, ReadOnlyMemory<byte> Member)[] Members { get; init; } = [];

    public static AddedMembers Read(ConfigurationMember add) => new(add.AsObject().Json)
    {
        Members = [.. add.Members.Values.Select(each => (
            Encoding.UTF8.GetBytes($"\"{each.Name}\""),
            PageJson.Compact(Encoding.UTF8.GetBytes($"{JsonText.Quoted(each.Name)}:{each.Json}"))))],
    };

    public bool Equals(AddedMembers? other) => Json == other?.Json;

    public override int GetHashCode() => Json.GetHashCode(StringComparison.Ordinal);

    /// <param name="item">A JSON object, without white space at its beginning.</param>
    public ReadOnlyMemory<byte> Prepend(ReadOnlyMemory<byte> item, ArrayBufferWriter<byte> buffer)
    {
        if (Members.Length == 0)
        {
            return item;
        }

        var start = buffer.WrittenCount;
        var before = "{"u8;
        foreach (var (name, member) in Members)
        {
            // Most events hold no such text at all. A name that is spelt with escapes is another one here.
            if (item.Span.IndexOf(name) < 0 || !PageJson.HasMember(item.Span, name.AsSpan()[1..^1]))
            {
                buffer.Write(before);
                buffer.Write(member.Span);
                before = ","u8;
            }
        }

        var rest = item.Span[1..];
        buffer.Write(rest is [(byte)'}'] && buffer.WrittenCount > start ? [] : before);
        buffer.Write(rest);
        return buffer.WrittenMemory[start..];
    }
}
