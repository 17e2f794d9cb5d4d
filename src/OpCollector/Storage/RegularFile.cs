using Microsoft.Win32.SafeHandles;
using OpCollector.Events;

namespace OpCollector.Storage;

/// <summary>
/// The one way to open a file that we keep: what is there is a file, or it is left alone. A pipe would make a run wait for ever, and a
/// link would lead it somewhere else.
/// </summary>
internal static class RegularFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The most of a report, of a lock or of what is remembered of a source that is read.</summary>
    public const int Small = 1024 * 1024;

    /// <summary>The most of a checkpoint, of a day's ids or of the names that is read.</summary>
    public const int Large = 32 * 1024 * 1024;

    /// <summary>Opens a file without a buffer of .NET's between us and the kernel.</summary>
    /// <exception cref="Failure">Something else is there (78).</exception>
    public static FileStream Open(string path, FileMode mode, UnixFileMode permissions = OwnerOnly)
    {
        var file = new FileStream(Opened(path, OpenFlags.ReadWrite | Flags(mode), permissions), FileAccess.ReadWrite, bufferSize: 0);
        if (mode == FileMode.Create)
        {
            file.SetLength(0);
        }

        return file;
    }

    /// <summary>All of a file; null where there is none.</summary>
    /// <param name="most">How large it may be.</param>
    /// <exception cref="Failure">We may not, it is too large, or something else is there (78); or the disk fails (74).</exception>
    public static byte[]? Read(string path, int most)
    {
        using var file = TryOpen(path);
        if (file is null)
        {
            return null;
        }

        try
        {
            var length = RandomAccess.GetLength(file);
            return length <= most ? Content(file, 0, (int)length)
                : throw new Failure(
                    ExitCode.Configuration,
                    $"{path} is larger than {most / (1024 * 1024)} MB, larger than any file that OpCollector writes; move it away");
        }
        catch (IOException ex)
        {
            throw Unreadable(path, ex);
        }
    }

    /// <summary>Whether something is there that is not a file that we may replace, looked at without opening it.</summary>
    public static bool IsOther(string path) => Libc.StatusOfItself(path, out var error) is var status && error == 0 && !status.IsRegular;

    /// <summary>The file to read from; null where there is none.</summary>
    /// <exception cref="Failure">We may not, or something else is there (78); or the disk fails (74).</exception>
    public static SafeFileHandle? TryOpen(string path)
    {
        try
        {
            return Opened(path, flags: 0, OwnerOnly);
        }
        catch (Exception ex) when (ex is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException ex)
        {
            throw new Failure(
                ExitCode.Configuration,
                $"{path}: cannot be read: {SystemError.Describe(ex, path)}; run as the user that cron runs as",
                ex);
        }
        catch (IOException ex)
        {
            throw Unreadable(path, ex);
        }
    }

    /// <summary>The end of a file, whole records of <paramref name="size"/> bytes; nothing where there is no file.</summary>
    /// <exception cref="Failure">As for <see cref="Read"/>.</exception>
    public static byte[] ReadRecords(string path, int size, int most)
    {
        using var file = TryOpen(path);
        if (file is null)
        {
            return [];
        }

        try
        {
            // A torn record at the end was never counted as written.
            var records = RandomAccess.GetLength(file) / size;
            var kept = Math.Min(records, most / size);
            return Content(file, (records - kept) * size, (int)kept * size);
        }
        catch (IOException ex)
        {
            throw Unreadable(path, ex);
        }
    }

    /// <summary>Where a path leads that may be a link: for files that are not of the state.</summary>
    public static string Followed(string path)
    {
        try
        {
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName;
            // Where the link of a descriptor leads, such as that of /dev/stdout, only the kernel knows: what it names is not there.
            return target is null || (!File.Exists(target) && File.Exists(path)) ? path : target;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // It leads nowhere: the open call reports that.
            return path;
        }
    }

    public static Failure Unreadable(string path, IOException ex) =>
        new(ExitCode.Disk, $"{path}: cannot be read: {SystemError.Describe(ex, path)}", ex);

    public static Failure LeftAlone(string path) => new(
        ExitCode.Configuration,
        $"{path} is not a regular file but a directory, a link, a pipe or the like, and is left alone; move it away");

    /// <summary>Writes at a place of a file.</summary>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long at)
    {
        try
        {
            RandomAccess.Write(file, bytes, at);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw OverLimit();
        }
    }

    /// <summary>What .NET reports as a wrong argument: the file would be larger than the limit of the process or the file system.</summary>
    public static IOException OverLimit() => new(Libc.Describe(Libc.FileTooLarge), Libc.FileTooLarge);

    /// <summary>A part of a file; less where it ends before.</summary>
    public static byte[] Content(SafeFileHandle file, long from, int length)
    {
        var content = new byte[length];
        var read = 0;
        while (read < length && RandomAccess.Read(file, content.AsSpan(read), from + read) is > 0 and var some)
        {
            read += some;
        }

        return read == length ? content : content[..read];
    }

    static int Flags(FileMode mode) => mode switch
    {
        FileMode.CreateNew => OpenFlags.Create | OpenFlags.Exclusive,
        FileMode.Create or FileMode.OpenOrCreate => OpenFlags.Create,
        _ => 0,
    };

    static SafeFileHandle Opened(string path, int flags, UnixFileMode permissions)
    {
        var file = Libc.Open(path, flags, (int)permissions, out var error);
        if (error == 0 && Libc.Status(file!, out error) is var status && error == 0 && status.IsRegular)
        {
            return file!;
        }

        file?.Dispose();
        throw error switch
        {
            Libc.NotThere => new FileNotFoundException(Libc.Describe(error)),
            Libc.NoPermission => new UnauthorizedAccessException(Libc.Describe(error)),
            Libc.IsDirectory => new Failure(ExitCode.Disk, $"{path}: cannot be written: a directory is there; move it away"),
            0 or Libc.IsLink or Libc.IsNoFile => LeftAlone(path),
            _ => new IOException(Libc.Describe(error), error),
        };
    }

    /// <summary>Whether two paths lead to one file or directory, by links too; what does not exist yet goes by its path.</summary>
    public static bool AreSame(string one, string other)
    {
        var (first, second) = (Libc.Status(one, out var failed), Libc.Status(other, out var error));
        return failed == 0 && error == 0
            ? first.Device == second.Device && first.Inode == second.Inode
            : Path.GetFullPath(one) == Path.GetFullPath(other);
    }
}
