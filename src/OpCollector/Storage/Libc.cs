using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OpCollector.Events;

namespace OpCollector.Storage;

/// <summary>
/// The few calls of libc that .NET hides or answers wrongly: it does not report a failed fsync on Linux, takes a lock it could
/// not get for granted, and swallows a closed pipe. Each returns 0 or the error number.
/// </summary>
internal static partial class Libc
{
    public const int WouldBlock = 11;
    public const int BrokenPipe = 32;
    public const int BadDescriptor = 9;
    public const int NotThere = 2;
    public const int NoPermission = 13;
    public const int IsDirectory = 21;
    public const int FileTooLarge = 27;
    public const int IsLink = 40; // ELOOP
    public const int IsNoFile = 6; // ENXIO: a socket, or a device that is not there

    const int GetDescriptorFlags = 1; // F_GETFD
    const int WriteOnly = 1;
    const int Stdout = 1;
    const int CurrentDirectory = -100; // AT_FDCWD
    const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    const int LinkItself = 0x100; // AT_SYMLINK_NOFOLLOW
    const uint BasicStatus = 0x7ff; // STATX_BASIC_STATS
    const int Interrupted = 4;
    const int InvalidArgument = 22;
    const int NotSupported = 95;
    const int OwnerOnly = 0x180; // 0600
    const short TakesMore = 4; // POLLOUT
    const int AtOnce = 4096; // PIPE_BUF: a pipe that takes anything takes so much
    const int ExclusiveNonBlocking = 2 | 4; // LOCK_EX | LOCK_NB
    const int WriteAndEnter = 2 | 1; // W_OK | X_OK

    static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static string Describe(int error) => SystemError.Describe(error);

    public static int Sync(SafeHandle file) => Retry(() => fsync(file));

    public static int SyncDirectory(string directory)
    {
        var descriptor = open(directory, OpenFlags.ForThisMachine.Directory | OpenFlags.CloseOnExec);
        if (descriptor < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        var error = Sync(handle);
        // Some file systems have no directories to sync and say EINVAL.
        return error == InvalidArgument ? 0 : error;
    }

    /// <summary>
    /// Opens what is at a path itself, not what a link there leads to, and without waiting for anybody; null and the error where that
    /// fails.
    /// </summary>
    public static SafeFileHandle? Open(string path, int flags, int mode, out int error)
    {
        var descriptor = open(path, flags | OpenFlags.ForThisMachine.NoFollow | OpenFlags.NonBlocking | OpenFlags.CloseOnExec, mode);
        error = descriptor >= 0 ? 0 : Marshal.GetLastPInvokeError();
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    public static FileStatus Status(SafeFileHandle file, out int error) => Status((int)file.DangerousGetHandle(), "", EmptyPath, out error);

    /// <summary>Of what is at a path, or of what a link there leads to.</summary>
    public static FileStatus Status(string path, out int error) => Status(CurrentDirectory, path, EmptyPath, out error);

    /// <summary>Of what is at a path itself, without opening it.</summary>
    public static FileStatus StatusOfItself(string path, out int error) => Status(CurrentDirectory, path, LinkItself, out error);

    /// <summary>The number of the user that this runs as.</summary>
    public static uint User => geteuid();

    /// <summary>
    /// A file without a name in a directory, gone when it is closed; null and the error, or 0 where the file system has none.
    /// </summary>
    public static SafeFileHandle? OpenUnnamed(string directory, out int error)
    {
        var descriptor = open(directory, OpenFlags.ForThisMachine.Unnamed | OpenFlags.CloseOnExec | OpenFlags.ReadWrite, OwnerOnly);
        error = descriptor >= 0 ? 0 : Marshal.GetLastPInvokeError();
        error = error is NotSupported or IsDirectory or InvalidArgument ? 0 : error;
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>Whether this user may make something in a directory.</summary>
    public static int MayMake(string directory) => access(directory, WriteAndEnter) == 0 ? 0 : Marshal.GetLastPInvokeError();

    public static int Link(string existing, string name) => link(existing, name) == 0 ? 0 : Marshal.GetLastPInvokeError();

    public static int TryLock(SafeHandle file) => Retry(() => flock(file, ExclusiveNonBlocking));

    /// <summary>
    /// The lock as soon as it is free; <see cref="WouldBlock"/> when somebody keeps it for longer than a line takes to write.
    /// </summary>
    public static int Lock(SafeHandle file)
    {
        var patience = Stopwatch.StartNew();
        int error;
        while ((error = TryLock(file)) == WouldBlock && patience.Elapsed < LockPatience)
        {
            Thread.Sleep(Pause);
        }

        return error;
    }

    /// <summary>
    /// Writes a piece and leaves the rest in <paramref name="bytes"/>; <see cref="WouldBlock"/> where the reader takes nothing for so long.
    /// </summary>
    public static unsafe int WritePiece(int descriptor, ref ReadOnlySpan<byte> bytes, TimeSpan patience)
    {
        // A struct pollfd: an int, what is asked, and the answer.
        var asked = stackalloc short[4];
        (*(int*)asked, asked[2]) = (descriptor, TakesMore);
        int ready;
        while ((ready = poll(asked, 1, (int)patience.TotalMilliseconds)) < 0 && Marshal.GetLastPInvokeError() == Interrupted)
        {
            // A signal says nothing of the reader.
        }

        nint written;
        fixed (byte* start = bytes)
        {
            written = ready > 0 ? write(descriptor, start, Math.Min(bytes.Length, AtOnce)) : 0;
        }

        var error = written < 0 ? Marshal.GetLastPInvokeError() : ready > 0 ? 0 : WouldBlock;
        bytes = bytes[(int)Math.Max(0, written)..];
        return error == Interrupted ? 0 : error;
    }

    /// <summary>
    /// Whether a descriptor was open when the program began: what was opened since is closed by exec, and what was handed to us is not.
    /// </summary>
    public static bool IsInherited(int descriptor) => fcntl(descriptor, GetDescriptorFlags) == 0;

    /// <summary>
    /// Opens nothing as a standard stream that is missing, and not for its purpose: reading a closed stdin and writing to a closed stdout
    /// have to fail, as they would have. What is written to a closed stderr is lost, which is what closing it means.
    /// </summary>
    public static void OpenNothing(int stream)
    {
        var opened = open("/dev/null", stream == Stdout ? 0 : WriteOnly);
        opened = opened >= 0 ? opened : open("/", 0);
        if (opened != stream)
        {
            _ = dup2(opened, stream);
            _ = close(opened);
        }
    }

    /// <summary>Whether so many files more may be open at a time.</summary>
    public static bool CanOpen(int files)
    {
        var opened = new List<int>(files);
        while (opened.Count < files && open("/", OpenFlags.CloseOnExec) is >= 0 and var descriptor)
        {
            opened.Add(descriptor);
        }

        opened.ForEach(descriptor => _ = close(descriptor));
        return opened.Count == files;
    }

    /// <summary>Begins a program in the place of this one, with the same environment; it returns only where that fails.</summary>
    public static int Execute(string program, string[] arguments)
    {
        _ = execv(program, [.. arguments, null]);
        return Marshal.GetLastPInvokeError();
    }

    // statx has one layout on all machines, which stat has not (linux/stat.h).
    static unsafe FileStatus Status(int directory, string path, int flags, out int error)
    {
        var status = stackalloc byte[256];
        error = statx(directory, path, flags, BasicStatus, status) == 0 ? 0 : Marshal.GetLastPInvokeError();
        return error == 0
            ? new FileStatus(*(ushort*)(status + 28), *(uint*)(status + 20), *(ulong*)(status + 136), *(ulong*)(status + 32))
            : default;
    }

    static int Retry(Func<int> call)
    {
        while (call() != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error != Interrupted)
            {
                return error;
            }
        }

        return 0;
    }

#pragma warning disable IDE1006, CA5392 // the names are libc's; it is found by the loader as every program finds it
    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeHandle file);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int access(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string existing, string name);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial int fcntl(int descriptor, int command);

    [LibraryImport("libc")]
    private static partial int dup2(int descriptor, int wanted);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execv(string path, string?[] arguments);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeHandle file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int poll(short* asked, nint count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial nint write(int descriptor, byte* bytes, nint count);
#pragma warning restore IDE1006, CA5392
}
