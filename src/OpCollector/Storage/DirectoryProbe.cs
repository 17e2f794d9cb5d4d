using Microsoft.Win32.SafeHandles;

namespace OpCollector.Storage;

/// <summary>
/// Tries what a directory must be good for that we write to, and leaves nothing there: on a file without a name, which is gone when it is
/// closed.
/// </summary>
internal static class DirectoryProbe
{
    /// <summary>Tries to write, to make durable and to lock in a directory that exists.</summary>
    /// <exception cref="Failure">One of them does not work (74).</exception>
    public static void Try(string directory)
    {
        using var file = Open(directory);
        try
        {
            RegularFile.Write(file, "{}"u8, 0);
        }
        catch (IOException ex)
        {
            throw DurableFile.Failed(directory, ex);
        }

        Check(Libc.Sync(file), "fsync", directory, "nothing could be counted as written there");
        Check(Libc.TryLock(file), "flock", directory, "put state.directory on a file system with locks");
        if (IsLockedTwice(file))
        {
            throw new Failure(ExitCode.Disk, $"{directory}: flock keeps nobody out there; put state.directory on a file system with locks");
        }
    }

    /// <summary>Judges whether a file or a directory that does not exist could be made.</summary>
    /// <exception cref="Failure">Not by this user: with that code.</exception>
    public static void RefuseUnmakable(string path, string setting, ExitCode code)
    {
        var above = Path.GetDirectoryName(path);
        while (above is not null && !Directory.Exists(above))
        {
            above = Path.GetDirectoryName(above);
        }

        if (above is not null && Libc.MayMake(above) is not 0 and var error)
        {
            throw new Failure(
                code,
                $"{path} cannot be made: {above}: {Libc.Describe(error)}; make it for the user that cron runs as, or set {setting}");
        }
    }

    static SafeFileHandle Open(string directory)
    {
        if (Libc.OpenUnnamed(directory, out var error) is { } unnamed)
        {
            return unnamed;
        }

        Check(error, "a file cannot be made: open", directory, "run as the user that cron runs as");
        var path = Path.Combine(directory, "check.tmp");
        try
        {
            return File.OpenHandle(
                path,
                FileMode.Create,
                FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete,
                FileOptions.DeleteOnClose);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    // Opened once more, as a second run would; some network file systems say yes to both.
    static bool IsLockedTwice(SafeFileHandle held)
    {
        using var second = File.OpenHandle(
            $"/proc/self/fd/{held.DangerousGetHandle()}",
            FileMode.Open,
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete);
        return Libc.TryLock(second) != Libc.WouldBlock;
    }

    static void Check(int error, string call, string directory, string advice)
    {
        if (error != 0)
        {
            throw new Failure(ExitCode.Disk, $"{directory}: {call} failed: {Libc.Describe(error)}; {advice}");
        }
    }
}
