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

        var buffer = new ArrayBufferWriter<byte>(1 + items.Sum(each => each.Bytes.Length + Add.Json.Length + (Event?.Json.Length ?? 0)));
        return [.. items.Select(each => each with { Sent = Of(each, stream, buffer) })];
    }

    ReadOnlyMemory<byte> Of(ActivityEvent item, string stream, ArrayBufferWriter<byte> buffer)
    {
        var bytes = Add.To(Shape.Of(item, stream, buffer), buffer);
        return Event is null ? bytes : Event.Of(item, bytes, stream, buffer);
    }
}
