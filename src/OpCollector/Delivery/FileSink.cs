using OpCollector.Checkpoints;

namespace OpCollector.Delivery;

/// <summary>Appends events to a file, one on each line, and is content when they are on the disk.</summary>
internal sealed class FileSink(string path) : Sink
{
    // The agent that reads the file runs as somebody else: its group may read.
    const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    public override string Name => $"the file {path}";

    public override Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
    {
        limits.Stop.ThrowIfCancellationRequested();
        EnsureDirectory();
        DurableFile.AppendLines(path, Framing.Lines.Body(batch).Span, Mode);
        return Task.FromResult(new Receipt(batch.Events.Count, []));
    }

    public override Task<string> CheckAsync(CancellationToken ct)
    {
        var directory = Path.GetDirectoryName(path)!;
        DurableFile.RefuseObstacle(path, ExitCode.Disk, "sink.path");
        if (Directory.Exists(path))
        {
            throw new Failure(ExitCode.Disk, $"{path} is a directory; set sink.path");
        }

        if (!Directory.Exists(directory))
        {
            return Task.FromResult($"{directory} will be created");
        }

        if (!File.Exists(path))
        {
            return Task.FromResult("will be created");
        }

        try
        {
            using var file = DurableFile.Open(path, FileMode.Open);
            return Task.FromResult("writable");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    void EnsureDirectory()
    {
        try
        {
            DurableFile.MakeDirectory(Path.GetDirectoryName(path)!, Mode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }
}
