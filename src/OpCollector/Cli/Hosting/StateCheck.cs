using System.Globalization;
using OpCollector.Checkpoints;
using OpCollector.Storage;
using OpCollector.Storage.Postgres;

namespace OpCollector.Cli.Hosting;

/// <summary>Tries whether a run could keep its state, and what an earlier one has left.</summary>
internal sealed class StateCheck(Host host)
{
    /// <param name="isMade">Whether the state is there, and not only a place for it.</param>
    /// <returns>What works, and how far the log is delivered.</returns>
    public string Try(out bool isMade, out Checkpoint? checkpoint)
    {
        (isMade, checkpoint) = (false, null);
        var (works, exists) = host.State is PostgresState postgres ? Database(postgres) : Directory(host.Directory);
        if (!exists)
        {
            return works;
        }

        isMade = true;
        checkpoint = host.Checkpoints.Read();
        return $"{works}, {(checkpoint is null ? "no checkpoint yet" : $"delivered up to {checkpoint.Position.Text}")}";
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
