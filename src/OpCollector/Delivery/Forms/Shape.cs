using System.Buffers;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>Which names and which structure the receiver knows events by (<c>sink.shape</c>).</summary>
internal abstract class Shape(string name)
{
    /// <summary>As a configuration names it.</summary>
    public string Name => name;

    /// <summary>One for the items of a page alone: it may keep memory from one item to the next.</summary>
    public virtual Shape ForPage() => this;

    /// <summary>The item in this shape: a JSON object on one line.</summary>
    /// <param name="buffer">Where it is written, behind what is there already.</param>
    public abstract ReadOnlyMemory<byte> Convert(ActivityEvent item, string stream, ArrayBufferWriter<byte> buffer);
}
