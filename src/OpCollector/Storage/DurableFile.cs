using OpCollector.Events;

namespace OpCollector.Storage;

/// <summary>
/// Files that are on the disk when a call returns: replaced whole, or appended to. Any error is the end of the run (74), and
/// a failed fsync is never tried again on the same file, because the second one may lie.
/// </summary>
internal static class DurableFile
{
    const UnixFileMode OwnerOnly = RegularFile.OwnerOnly;

    /// <summary>
    /// Puts <paramref name="bytes"/> in the place of the file at once: a reader, or a crash, sees all of the old or all of the
    /// new. With <paramref name="previous"/> the old content stays under that name, without a moment in which neither exists.
    /// </summary>
    /// <param name="mode">Who may read it: nobody but the user who runs this.</param>
    public static void Replace(string path, ReadOnlySpan<byte> bytes, string? previous = null, UnixFileMode mode = OwnerOnly) =>
        Replace(path, bytes, Task.CompletedTask, previous, mode);

    /// <summary>The same, but not before what was appended to other files is on the disk. Both are synced at the same time.</summary>
    public static void Replace(
        string path, ReadOnlySpan<byte> bytes, Task appended, string? previous = null, UnixFileMode mode = OwnerOnly)
    {
        var temporary = path + ".tmp";
        try
        {
            if (!Directory.Exists(path) && RegularFile.IsOther(path))
            {
                // To rename over it would remove it.
                throw RegularFile.LeftAlone(path);
            }

            WriteNew(temporary, bytes, mode);
            appended.GetAwaiter().GetResult();
            if (previous is not null && File.Exists(path))
            {
                var linked = previous + ".tmp";
                File.Delete(linked);
                Check(Libc.Link(path, linked), "link", linked);
                File.Move(linked, previous, overwrite: true);
                // After a crash both may be one file already: then it is still there.
                File.Delete(linked);
            }

            File.Move(temporary, path, overwrite: true);
            SyncDirectoryOf(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or Failure)
        {
            TryDelete(temporary);
            throw ex as Failure ?? Failed(path, ex);
        }
    }

    static void WriteNew(string path, ReadOnlySpan<byte> bytes, UnixFileMode mode)
    {
        File.Delete(path);
        using var file = RegularFile.Open(path, FileMode.CreateNew, OwnerOnly);
        RegularFile.Write(file.SafeFileHandle, bytes, 0);
        if (mode != OwnerOnly)
        {
            // Whatever the umask took away.
            File.SetUnixFileMode(file.SafeFileHandle, mode);
        }

        Sync(file, path);
    }

    /// <summary>Puts what <paramref name="write"/> writes in the place of the file at once, whatever its size.</summary>
    public static void Rewrite(string path, Action<FileStream> write)
    {
        var temporary = path + ".tmp";
        try
        {
            File.Delete(temporary);
            using (var file = RegularFile.Open(temporary, FileMode.CreateNew, OwnerOnly))
            {
                write(file);
                Sync(file, temporary);
            }

            File.Move(temporary, path, overwrite: true);
            SyncDirectoryOf(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException or Failure)
        {
            TryDelete(temporary);
            throw ex as Failure ?? Failed(path, ex);
        }
        catch (ArgumentOutOfRangeException)
        {
            TryDelete(temporary);
            throw Failed(path, RegularFile.OverLimit());
        }
    }

    /// <summary>
    /// Appends whole lines under a lock on the file itself, opened anew each time so that a rotation by rename works. A last
    /// line that a crash left torn is cut off first: what it held was never counted as written.
    /// </summary>
    public static void AppendLines(string path, ReadOnlySpan<byte> lines, UnixFileMode mode = OwnerOnly)
    {
        try
        {
            var isNew = !File.Exists(path);
            using var file = RegularFile.Open(path, FileMode.OpenOrCreate, mode);
            Lock(file, path);
            var end = LastLine.Repair(file.SafeFileHandle);
            try
            {
                RegularFile.Write(file.SafeFileHandle, lines, end);
            }
            catch (IOException)
            {
                RandomAccess.SetLength(file.SafeFileHandle, end);
                throw;
            }

            Sync(file, path);
            if (isNew)
            {
                SyncDirectoryOf(path);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, ex);
        }
    }

    /// <summary>Makes a directory that outlives a power cut, where it is missing.</summary>
    public static void MakeDirectory(string path, UnixFileMode mode)
    {
        if (!Directory.Exists(path))
        {
            // Each directory above it that is new as well must be there after the power cut.
            if (Path.GetDirectoryName(path) is { Length: > 0 } above)
            {
                MakeDirectory(above, mode);
            }

            Directory.CreateDirectory(path, mode);
            SyncDirectoryOf(path);
        }
    }

    /// <summary>Says before it is tried that a file cannot be made, because a file is in the place of a directory above it.</summary>
    public static void RefuseObstacle(string path, ExitCode code, string setting)
    {
        for (var above = Path.GetDirectoryName(path); above is not null; above = Path.GetDirectoryName(above))
        {
            if (File.Exists(above))
            {
                throw new Failure(code, $"{path} cannot be made: {above} is a file; set {setting}");
            }
        }
    }

    /// <summary>Removes a file whose content is no longer wanted, if it exists.</summary>
    public static void Delete(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                File.Delete(path);
                SyncDirectoryOf(path);
            }
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, ex);
        }
    }

    /// <summary>Makes what was written to <paramref name="file"/> durable.</summary>
    public static void Sync(FileStream file, string path) => Check(Libc.Sync(file.SafeFileHandle), "fsync", path);

    public static Failure Failed(string path, Exception ex) =>
        new(ExitCode.Disk, $"{path}: cannot be written: {SystemError.Describe(ex, path)}{WhoMay(ex)}", ex);

    static string WhoMay(Exception ex) =>
        ex is UnauthorizedAccessException && SystemError.Describe(ex) == SystemError.Describe(new UnauthorizedAccessException())
            ? "; run this as the user that owns it, as cron does"
            : "";

    static void Lock(FileStream file, string path)
    {
        var error = Libc.Lock(file.SafeFileHandle);
        if (error == Libc.WouldBlock)
        {
            throw new Failure(ExitCode.HeldUp, $"{path} is locked by another process; nothing was written, the next run goes on");
        }

        Check(error, "flock", path);
    }

    /// <summary>Makes durable that a file is there, under its name.</summary>
    public static void SyncDirectoryOf(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        Check(Libc.SyncDirectory(directory), "fsync", directory);
    }

    static void Check(int error, string call, string path)
    {
        if (error != 0)
        {
            throw new Failure(ExitCode.Disk, $"{path}: {call} failed: {Libc.Describe(error)}; nothing is counted as written");
        }
    }

    static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // The next run removes it before it writes its own.
        }
    }
}
