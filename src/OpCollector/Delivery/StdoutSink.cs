using OpCollector.Storage;

namespace OpCollector.Delivery;

/// <summary>Prints events, one on each line, for a pipe to somewhere else.</summary>
internal sealed class StdoutSink : Sink
{
    // How often a run that waits for the reader looks whether it is to end.
    static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    public override string Name => "stdout";

    public override Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
    {
        limits.Stop.ThrowIfCancellationRequested();
        try
        {
            return NdjsonLines.Cut(batch, LargeMemory.Large).All(part => TryPrint(NdjsonLines.Write(part).Span, limits.Abandon))
                ? Task.FromResult(new Receipt(batch.Events, []))
                : throw new Failure(ExitCode.Disk, "stdout was closed by its reader; what it did not take is not counted as delivered");
        }
        catch (OperationCanceledException hung)
        {
            return Task.FromResult(new Receipt([], []) { End = hung });
        }
    }

    public override Task<string> CheckAsync(CancellationToken ct) => Task.FromResult("always there");

    /// <returns>False when the reader of stdout has gone.</returns>
    public static bool TryPrint(ReadOnlySpan<byte> lines) => TryPrint(lines, CancellationToken.None);

    /// <param name="abandon">When no longer to wait for a reader that does not read.</param>
    /// <returns>False when the reader of stdout has gone.</returns>
    public static bool TryPrint(ReadOnlySpan<byte> lines, CancellationToken abandon)
    {
        var error = 0;
        while (!lines.IsEmpty && error is 0 or Libc.WouldBlock)
        {
            abandon.ThrowIfCancellationRequested();
            error = Libc.WritePiece(StandardStreams.Stdout, ref lines, LookAgain);
        }

        return error switch
        {
            0 => true,
            Libc.BrokenPipe => false,
            Libc.BadDescriptor =>
                throw new Failure(ExitCode.Disk, "stdout is closed, so nothing can be printed; leave it open, or send it to a file"),
            _ => throw new Failure(ExitCode.Disk, $"stdout: cannot be written: {Libc.Describe(error)}"),
        };
    }
}
