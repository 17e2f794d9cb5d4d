using System.Buffers;
using System.Collections.Concurrent;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// The memory that a batch is written into in the form in which it is sent, in blocks: one piece for all of a large page would be copied as
/// it grows. It serves the next batch, because the garbage collection would move what is asked for anew with each.
/// </summary>
internal sealed class FormMemory : IDisposable
{
    const int Block = 256 * 1024;

    // An ordinary page, and what is written for a moment.
    const int MostKept = 8;

    static readonly ConcurrentBag<ArrayBufferWriter<byte>> Kept = [];

    readonly List<ArrayBufferWriter<byte>> _blocks = [];
    readonly ArrayBufferWriter<byte> _scratch = Rent(0);

    /// <summary>For what an item is on its way to its form; the next one takes its place.</summary>
    public ArrayBufferWriter<byte> Scratch
    {
        get
        {
            _scratch.ResetWrittenCount();
            return _scratch;
        }
    }

    /// <summary>For what is sent.</summary>
    /// <param name="room">About how many bytes it needs.</param>
    public ArrayBufferWriter<byte> Sent(int room)
    {
        if (_blocks is [.., var last] && last.FreeCapacity >= room)
        {
            return last;
        }

        _blocks.Add(Rent(room));
        return _blocks[^1];
    }

    public void Dispose()
    {
        foreach (var block in _blocks.Append(_scratch).Where(block => block.Capacity <= 2 * Block && Kept.Count < MostKept))
        {
            block.ResetWrittenCount();
            Kept.Add(block);
        }
    }

    static ArrayBufferWriter<byte> Rent(int room) =>
        room <= Block && Kept.TryTake(out var kept) ? kept : new ArrayBufferWriter<byte>(Math.Max(Block, room));
}
