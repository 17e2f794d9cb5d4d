using System.Globalization;
using OpCollector.Events;

namespace OpCollector.Storage;

/// <summary>The directory that holds everything a run leaves for the next one, and the names of the files in it.</summary>
internal sealed class StateDirectory(string path)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const uint Root = 0;
    const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    public string FullPath { get; } = path;

    public string Checkpoint => In("checkpoint.json");

    public string Quarantine => In("quarantine.ndjson");

    public string QuarantineLock => In("quarantine.lock");

    public string Walk => In("walk.ndjson");

    public string Op => In("op.json");

    public string EventsApi => In("events-api.json");

    public string Names => In("names.json");

    public string NamesLock => In("names.lock");

    public string LastRun => In("last-run.json");

    public string ReplayLock => In("replay.lock");

    public string CollectLock => In("collect.lock");

    public string Backfill(string hash) => In($"backfill-{hash}.json");

    public string BackfillWalk(string hash) => In($"backfill-{hash}.walk.ndjson");

    public string BackfillLock(string hash) => In($"backfill-{hash}.lock");

    /// <summary>The ids of a stream's events that happened on a day.</summary>
    public string Seen(string stream, DateOnly day) => In(string.Create(CultureInfo.InvariantCulture, $"seen-{stream}-{day:yyyy-MM-dd}.bin"));

    /// <summary>The days of which ids are kept.</summary>
    public IReadOnlyList<DateOnly> SeenDays(string stream) => Directory.Exists(FullPath)
        ? [.. Directory.EnumerateFiles(FullPath, $"seen-{stream}-*.bin").Select(file => Day(file, stream)).OfType<DateOnly>()]
        : [];

    /// <summary>The checkpoints of backfills that were interrupted, or are at work.</summary>
    public IReadOnlyList<string> UnfinishedBackfills => Directory.Exists(FullPath)
        ? [.. Directory.EnumerateFiles(FullPath, "backfill-*.json").Where(file => !file.EndsWith(".prev.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The directory of the configuration, else the usual place for this user.</summary>
    public static StateDirectory For(string? configured, Func<string, string?> environment) => new(configured ?? Usual(environment).Path);

    /// <summary>The usual place for this user, and the environment variable that says so.</summary>
    public static (string Path, string Variable) Usual(Func<string, string?> environment) =>
        // systemd separates several directories by colons; the first is ours.
        environment("STATE_DIRECTORY") is { Length: > 0 } systemd ? (systemd.Split(':')[0], "STATE_DIRECTORY")
        : environment("XDG_STATE_HOME") is { } xdg && Path.IsPathRooted(xdg) ? (Path.Combine(xdg, "opcollector"), "XDG_STATE_HOME")
        : environment("HOME") is { Length: > 0 } home ? (Path.Combine(home, ".local", "state", "opcollector"), "HOME")
        : throw new Failure(ExitCode.StateNotCreated, "No place for the state: $HOME is not set; set state.directory");

    /// <summary>Makes the directory where it is missing, and refuses one into which others could put a checkpoint.</summary>
    public void Ensure()
    {
        try
        {
            DurableFile.MakeDirectory(FullPath, OwnerOnly);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.StateNotCreated, $"{FullPath}: the state directory cannot be created: {SystemError.Words(ex)}; set state.directory", ex);
        }

        var status = Libc.Status(FullPath, out var error);
        if (error != 0)
        {
            throw new Failure(ExitCode.StateNotCreated, $"{FullPath}: the state directory cannot be looked at: {Libc.Describe(error)}; set state.directory");
        }

        if (((UnixFileMode)status.Mode & WritableByOthers) != 0)
        {
            throw new Failure(ExitCode.Configuration, $"{FullPath}: others can write to the state directory; chmod 700 it");
        }

        RefuseForeign(status.Owner);
    }

    // Its owner could lead our writing elsewhere, and could not read what we leave there; root could do both anyway.
    void RefuseForeign(uint owner)
    {
        if (owner != Libc.User && owner != Root)
        {
            throw new Failure(
                ExitCode.Configuration,
                string.Create(CultureInfo.InvariantCulture, $"{FullPath}: the state directory belongs to user {owner}, and this runs as user {Libc.User}; run it as that user (sudo -u '#{owner}'), or chown the directory"));
        }
    }

    static DateOnly? Day(string file, string stream) =>
        DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(file)[$"seen-{stream}-".Length..], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    string In(string name) => Path.Combine(FullPath, name);
}
