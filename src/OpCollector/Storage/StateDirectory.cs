using System.Globalization;

namespace OpCollector.Storage;

/// <summary>The state in a directory, a file for each name, which nobody else can read.</summary>
internal sealed class StateDirectory(string path) : StateStore
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const uint Root = 0;
    const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    // What was appended and is still being synced.
    Task _appended = Task.CompletedTask;
    bool _isTogether;

    /// <summary>The walk of collect, where one is unfinished.</summary>
    public const string Walk = "walk.ndjson";

    /// <summary>Where it is.</summary>
    public string FullPath { get; } = path;

    public override string Location => FullPath;

    public override bool Exists => Directory.Exists(FullPath);

    public override bool IsKept => true;

    /// <summary>The directory of the configuration, else the usual place for this user.</summary>
    public static StateDirectory Locate(string? configured, EnvironmentVariables environment) => new(configured ?? Usual(environment).Path);

    /// <summary>The usual place for this user, and the environment variable that says so.</summary>
    public static (string Path, string Variable) Usual(EnvironmentVariables environment) =>
        // systemd separates several directories by colons; the first is ours.
        environment["STATE_DIRECTORY"] is { Length: > 0 } systemd ? (systemd.Split(':')[0], "STATE_DIRECTORY")
        : environment["XDG_STATE_HOME"] is { } xdg && Path.IsPathRooted(xdg) ? (Path.Combine(xdg, "opcollector"), "XDG_STATE_HOME")
        : environment["HOME"] is { Length: > 0 } home ? (Path.Combine(home, ".local", "state", "opcollector"), "HOME")
        : throw new Failure(ExitCode.StateNotCreated, "No place for the state: $HOME is not set; set state.directory");

    public override string PathOf(string name) => Path.Combine(FullPath, name);

    public override IReadOnlyList<string> Names(string beginning, string ending) => Directory.Exists(FullPath)
        ? [.. Directory.EnumerateFiles(FullPath, $"{beginning}*{ending}")
            .Select(Path.GetFileName)
            .OfType<string>()
            .Order(StringComparer.Ordinal)]
        : [];

    public override byte[]? Read(string name, int most) => RegularFile.Read(PathOf(name), most);

    public override byte[] ReadRecords(string name, int size, int most) => RegularFile.ReadRecords(PathOf(name), size, most);

    public override void Replace(string name, ReadOnlySpan<byte> content, string? previous = null) =>
        DurableFile.Replace(PathOf(name), content, _appended, previous is null ? null : PathOf(previous));

    public override void Append(string name, ReadOnlySpan<byte> records, int size)
    {
        _appended = Task.WhenAll(_appended, RecordFile.Append(PathOf(name), records, size));
        if (!_isTogether)
        {
            EndAppending();
        }
    }

    public override void Delete(string name) => DurableFile.Delete(PathOf(name));

    public override void Change(string name, int most, Func<byte[]?, byte[]> change)
    {
        using var held = FileLock.Acquire(PathOf(Path.ChangeExtension(name, ".lock")));
        DurableFile.Replace(PathOf(name), change(TryRead(PathOf(name), most)));
    }

    public override void WriteTogether(Action writes)
    {
        _isTogether = true;
        try
        {
            writes();
        }
        finally
        {
            _isTogether = false;
            EndAppending();
        }
    }

    public override IDisposable? TryHold(string work, TimeSpan patience, TimeProvider time) =>
        RunLock.TryAcquire(PathOf($"{work}.lock"), patience, time);

    public override DateTimeOffset? Written(string name) =>
        new FileInfo(PathOf(name)) is { Exists: true } file ? file.LastWriteTimeUtc : null;

    public override void Ensure()
    {
        try
        {
            DurableFile.MakeDirectory(FullPath, OwnerOnly);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(
                ExitCode.StateNotCreated,
                $"{FullPath}: the state directory cannot be created: {SystemError.Describe(ex)}; set state.directory",
                ex);
        }

        var status = Libc.Status(FullPath, out var error);
        if (error != 0)
        {
            throw new Failure(
                ExitCode.StateNotCreated,
                $"{FullPath}: the state directory cannot be looked at: {Libc.Describe(error)}; set state.directory");
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
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{FullPath}: the state directory belongs to user {owner}, and this runs as user {Libc.User}; run it as that user: " +
                        $"sudo -u '#{owner}', or, where systemd runs it, opcollector-service COMMAND; or chown the directory"));
        }
    }

    void EndAppending()
    {
        var appended = _appended;
        _appended = Task.CompletedTask;
        appended.GetAwaiter().GetResult();
    }

    static byte[]? TryRead(string path, int most)
    {
        try
        {
            return RegularFile.Read(path, most);
        }
        catch (Failure)
        {
            // What cannot be replaced either says so.
            return null;
        }
    }
}
