using System.Buffers;
using OpCollector.Configuration;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// The form in which items are sent (<c>sink.shape</c>, <c>sink.add</c>, <c>sink.event</c>): the shape of an event, then constants in
/// front of its members, then what stands for it. Pure.
/// </summary>
/// <param name="Event">What stands for an event; null for the event itself.</param>
internal sealed record SentForm(Shape Shape, AddedMembers Add, Template? Event)
{
    const int Block = 256 * 1024;

    /// <summary>Events and findings as they are.</summary>
    public static readonly SentForm AsTheyAre = new(ShapeByName.Native, AddedMembers.None, null);

    /// <summary>What tells it from other forms; empty for the usual one.</summary>
    public string Key => this == AsTheyAre ? "" : $"{Shape.Name} {Add.Json} {Event?.Json}";

    public static SentForm From(ConfigurationMember sink)
    {
        var form = new SentForm(
            sink.Find("shape") is { } shape ? ShapeByName.Of(shape.AsOneOf(ShapeByName.Names)) : ShapeByName.Native,
            sink.Find("add") is { } add ? AddedMembers.From(add) : AddedMembers.None,
            sink.Find("event") is { } template ? TemplateReader.Read(template) : null);
        return form == AsTheyAre ? AsTheyAre : form;
    }

    /// <summary>The items of a batch with what is sent for each.</summary>
    public IReadOnlyList<ActivityEvent> Of(IReadOnlyList<ActivityEvent> items, string stream)
    {
        if (this == AsTheyAre)
        {
            return items;
        }

        var scratch = new ArrayBufferWriter<byte>(Block);
        var sent = new ArrayBufferWriter<byte>(Block);
        var formed = new List<ActivityEvent>(items.Count);
        foreach (var each in items)
        {
            // What is sent for a large page is kept in blocks: one buffer for all of it would be copied as it grows.
            sent = sent.WrittenCount > Block ? new ArrayBufferWriter<byte>(Block) : sent;
            scratch.ResetWrittenCount();
            formed.Add(each with { Sent = Of(each, stream, scratch, sent) });
        }

        return formed;
    }

    ReadOnlyMemory<byte> Of(ActivityEvent item, string stream, ArrayBufferWriter<byte> scratch, ArrayBufferWriter<byte> sent)
    {
        var bytes = Add.To(Shape.Of(item, stream, scratch), scratch);
        if (Event is not null)
        {
            return Event.Of(item, bytes, stream, sent);
        }

        if (bytes.Equals(item.Bytes))
        {
            return bytes;
        }

        var start = sent.WrittenCount;
        sent.Write(bytes.Span);
        return sent.WrittenMemory[start..];
    }
}
