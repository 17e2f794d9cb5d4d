using System.Buffers;
using System.Text;

namespace OpCollector.Sources.Op;

/// <summary>What op prints on a pipe: kept up to a limit, drained up to another, and what is more ends the call.</summary>
/// <param name="kept">So many bytes are kept.</param>
/// <param name="drained">So many may come.</param>
internal sealed class OpPipe(int kept, long drained) : IDisposable
{
    const int Block = 64 * 1024;

    readonly Lock _reading = new();
    readonly MemoryStream _bytes = new();
    long _length;

    /// <summary>Whether more came than may.</summary>
    public bool IsFlooded => _length > drained;

    public ReadOnlyMemory<byte> Bytes => _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);

    public string Text
    {
        get
        {
            lock (_reading)
            {
                return Encoding.UTF8.GetString(Bytes.Span);
            }
        }
    }

    /// <summary>
    /// Reads to the end of the pipe, or until nothing is to be waited for any more; where too much comes, it ends the call and leaves the
    /// rest.
    /// </summary>
    /// <param name="drained">Then what has come is all.</param>
    public async Task DrainAsync(Stream pipe, CancellationTokenSource call, CancellationToken drained, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drained, ct);
        try
        {
            await DrainAsync(pipe, either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // Somebody else holds the pipe.
        }

        if (IsFlooded)
        {
            await call.CancelAsync();
        }
    }

    public void Dispose() => _bytes.Dispose();

    async Task DrainAsync(Stream pipe, CancellationToken ct)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Block);
        while (!IsFlooded && await pipe.ReadAsync(buffer, ct) is > 0 and var length)
        {
            lock (_reading)
            {
                if (_bytes.Length > LargeMemory.Large && _bytes.Capacity < kept)
                {
                    // What grows by doubling is there one and a half times while it is copied.
                    _bytes.Capacity = kept;
                }

                _bytes.Write(buffer.AsSpan(0, Math.Min(length, kept - (int)_bytes.Length)));
                _length += length;
            }
        }

        // Only here: a read that was given up may still write into it.
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
