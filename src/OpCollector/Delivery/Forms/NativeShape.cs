using System.Buffers;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>Items as their source shows them, explained: op's and the Events API's differ.</summary>
internal sealed class NativeShape() : Shape("native")
{
    public override ReadOnlyMemory<byte> Convert(ActivityEvent item, string stream, ArrayBufferWriter<byte> buffer) => item.Bytes;
}
