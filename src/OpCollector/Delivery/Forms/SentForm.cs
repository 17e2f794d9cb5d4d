using System.Buffers;
using OpCollector.Configuration;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// The form in which items are sent (<c>sink.shape</c>, <c>sink.add</c>, <c>sink.event</c>): the shape of an event, then constants in
/// front of its members, then what is sent instead of it. Pure.
/// </summary>
/// <param name="Event">What is sent instead of an event; null for the event itself.</param>
internal sealed record SentForm(Shape Shape, AddedMembers Add, Template? Event)
{
    // The constants and the template, as long as they usually are.
    const int Around = 2048;

    /// <summary>Events and findings as they are.</summary>
    public static readonly SentForm AsTheyAre = new(ShapeByName.Native, AddedMembers.None, null);

    /// <summary>What tells it from other forms; empty for the usual one.</summary>
    public string Key => this == AsTheyAre ? "" : $"{Shape.Name} {Add.Json} {Event?.Json}";

    public static SentForm Read(ConfigurationMember sink)
    {
        var form = new SentForm(
            sink.Find("shape") is { } shape ? ShapeByName.Find(shape.AsOneOf(ShapeByName.Names)) : ShapeByName.Native,
            sink.Find("add") is { } add ? AddedMembers.Read(add) : AddedMembers.None,
            sink.Find("event") is { } template ? TemplateReader.Read(template) : null);
        return form == AsTheyAre ? AsTheyAre : form;
    }

    /// <summary>The items of a batch with what is sent for each.</summary>
    public FormedItems Apply(IReadOnlyList<ActivityEvent> items, string stream)
    {
        if (this == AsTheyAre)
        {
            return new FormedItems(items, null);
        }

        var memory = new FormMemory();
        var formed = new List<ActivityEvent>(items.Count);
        var shape = Shape.ForPage();
        foreach (var each in items)
        {
            // A text has two bytes for most that have to be escaped.
            var sent = memory.Sent((2 * each.Bytes.Length) + Around);
            formed.Add(each with { Sent = Apply(each, shape, stream, memory.Scratch, sent) });
        }

        return new FormedItems(formed, memory);
    }

    ReadOnlyMemory<byte> Apply(
        ActivityEvent item, Shape shape, string stream, ArrayBufferWriter<byte> scratch, ArrayBufferWriter<byte> sent)
    {
        var bytes = Add.Prepend(shape.Convert(item, stream, scratch), scratch);
        if (Event is not null)
        {
            return Event.Fill(item, bytes, stream, sent);
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
