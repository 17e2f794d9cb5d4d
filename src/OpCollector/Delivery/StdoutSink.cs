using OpCollector.Storage;

namespace OpCollector.Delivery;

/// <summary>Prints events, one on each line, for a pipe to somewhere else.</summary>
internal sealed class StdoutSink : Sink
{
    public override string Name => "stdout";

    public override Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
    {
        limits.Stop.ThrowIfCancellationRequested();
        return NdjsonLines.Cut(batch, LargeMemory.Large).All(part => TryPrint(NdjsonLines.Write(part).Span))
            ? Task.FromResult(new Receipt(batch.Events, []))
            : throw new Failure(ExitCode.Disk, "stdout was closed by its reader; what it did not take is not counted as delivered");
    }

    public override Task<string> CheckAsync(CancellationToken ct) => Task.FromResult("always there");

    /// <returns>False when the reader of stdout has gone.</returns>
    public static bool TryPrint(ReadOnlySpan<byte> lines) => Libc.Write(StandardStreams.Stdout, lines) switch
    {
        0 => true,
        Libc.BrokenPipe => false,
        Libc.BadDescriptor =>
            throw new Failure(ExitCode.Disk, "stdout is closed, so nothing can be printed; leave it open, or send it to a file"),
        var error => throw new Failure(ExitCode.Disk, $"stdout: cannot be written: {Libc.Describe(error)}"),
    };
}
