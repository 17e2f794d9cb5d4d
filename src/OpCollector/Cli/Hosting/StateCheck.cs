using System.Globalization;
using OpCollector.Checkpoints;
using OpCollector.Storage;
using OpCollector.Storage.Postgres;

namespace OpCollector.Cli.Hosting;

/// <summary>Tries whether a run could keep its state, and what an earlier one has left.</summary>
internal sealed class StateCheck(Host host)
{
    /// <summary>Whether the state is there, and not only a place for it.</summary>
    public bool Exists { get; private set; }

    /// <summary>The checkpoint that was found; null where there is none yet.</summary>
    public Checkpoint? Checkpoint { get; private set; }

    /// <returns>What works, and how far the log is delivered.</returns>
    public string Try()
    {
        (var works, Exists) = host.State is PostgresState postgres ? Database(postgres) : Directory(host.Directory);
        if (!Exists)
        {
            return works;
        }

        Checkpoint = host.Checkpoints.Read();
        return $"{works}, {(Checkpoint is null ? "no checkpoint yet" : $"delivered up to {Checkpoint.Position.Text}")}";
    }

    static (string Works, bool Exists) Directory(StateDirectory directory)
    {
        if (!directory.Exists)
        {
            DurableFile.RefuseObstacle(directory.PathOf(CheckpointFile.Main), ExitCode.StateNotCreated, "state.directory");
            DirectoryProbe.RefuseUnmakable(directory.FullPath, "state.directory", ExitCode.StateNotCreated);
            RefuseUnshared(directory.FullPath, MountedFileSystem.Find(directory.FullPath));
            return ($"{directory.FullPath} will be made by the first run", false);
        }

        directory.Ensure();
        DirectoryProbe.Try(directory.FullPath);
        var fileSystem = MountedFileSystem.Find(directory.FullPath);
        RefuseUnshared(directory.FullPath, fileSystem);
        return ($"{directory.FullPath}: writable, fsync and flock work{(fileSystem is { IsPassing: true }
            ? $" ({fileSystem.Type}: gone with the next start of the host or the container)"
            : "")}", true);
    }

    static void RefuseUnshared(string path, MountedFileSystem? fileSystem)
    {
        if (fileSystem?.WhyUnshared is { } why)
        {
            throw new Failure(
                ExitCode.Disk,
                $"{path}: two hosts with this directory would not keep each other out: {why}, or use state.postgres");
        }
    }

    (string Works, bool Exists) Database(PostgresState state)
    {
        if (host.Walks is { } walks)
        {
            Directory(walks);
        }

        if (!state.Session.Try())
        {
            return ($"{state.Location}: reachable; the first run makes the tables", false);
        }

        var holders = new PostgresCollectors(state.Session).Holders
            .Where(each => each.Name == state.Name && each.Work == Host.CollectWork)
            .ToArray();
        return (
            $"{state.Location}: reachable, writable, " + (holders is [var holder]
                ? string.Create(CultureInfo.InvariantCulture, $"held since {holder.Since:u} by a run on {ForeignText.Clean(holder.Text)}")
                : "the lease is free"),
            true);
    }
}
