using System.Text;
using OpCollector.Storage;

namespace OpCollector.Delivery;

/// <summary>Appends events to a file, one on each line, and is content when they are on the disk.</summary>
internal sealed class FileSink(string configured) : Sink
{
    // The agent that reads the file runs as somebody else: its group may read.
    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    // Where the events go is for the owner of the configuration to say, by a link too.
    string Target => RegularFile.Followed(configured);

    public override string Name => $"the file {configured}";

    public override string Fingerprint { get; } =
        Digest.Compute(Encoding.UTF8.GetBytes($"file {configured}"))[..FingerprintLength];

    public override Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
    {
        limits.Stop.ThrowIfCancellationRequested();
        EnsureDirectory();
        var open = batch.Open;
        foreach (var part in NdjsonLines.Cut(batch with { Events = open }, LargeMemory.Large))
        {
            DurableFile.AppendLines(Target, NdjsonLines.Write(part).Span, Mode);
        }

        return Task.FromResult(new Receipt(open, []) { SettledEarlier = [.. batch.Events.Except(open)] });
    }

    public override Task<string> CheckAsync(CancellationToken ct)
    {
        var directory = Path.GetDirectoryName(Target)!;
        DurableFile.RefuseObstacle(Target, ExitCode.Disk, "sink.path");
        if (Directory.Exists(Target))
        {
            throw new Failure(ExitCode.Disk, $"{Target} is a directory; set sink.path");
        }

        if (!File.Exists(Target))
        {
            DirectoryProbe.RefuseUnmakable(Target, "sink.path", ExitCode.Disk);
            return Task.FromResult(Directory.Exists(directory) ? "will be created" : $"{directory} will be created");
        }

        try
        {
            using var file = RegularFile.Open(Target, FileMode.Open);
            return Task.FromResult("writable");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(Target, ex);
        }
    }

    void EnsureDirectory()
    {
        try
        {
            DurableFile.MakeDirectory(Path.GetDirectoryName(Target)!, Mode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(Target, ex);
        }
    }
}
