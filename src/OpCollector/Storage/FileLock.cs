using Microsoft.Win32.SafeHandles;

namespace OpCollector.Storage;

/// <summary>A lock that the kernel releases whatever happens to the process: flock on a file that is never deleted.</summary>
internal sealed class FileLock : IDisposable
{
    readonly string _path;
    readonly FileStream _file;

    FileLock(string path, FileStream file) => (_path, _file) = (path, file);

    /// <summary>The lock, or null when another process holds it. Any other answer of the kernel means "not locked" (74).</summary>
    public static FileLock? TryAcquire(string path) => Acquire(path, Libc.TryLock);

    /// <summary>The lock, waited for: for the moment in which another process appends a line.</summary>
    public static FileLock Acquire(string path) => Acquire(path, Libc.Lock)
        ?? throw new Failure(ExitCode.HeldUp, $"{path} is locked by another process; the next run goes on");

    /// <summary>Says in the file who holds the lock; for people and for the patience of other runs.</summary>
    public void Write(ReadOnlySpan<byte> holder)
    {
        try
        {
            RandomAccess.SetLength(_file.SafeFileHandle, 0);
            RegularFile.Write(_file.SafeFileHandle, holder, 0);
        }
        catch (IOException ex)
        {
            throw DurableFile.Failed(_path, ex);
        }
    }

    public void Dispose() => _file.Dispose();

    static FileLock? Acquire(string path, Func<SafeFileHandle, int> flock)
    {
        try
        {
            var file = RegularFile.Open(path, FileMode.OpenOrCreate);
            var error = flock(file.SafeFileHandle);
            if (error == 0)
            {
                return new FileLock(path, file);
            }

            file.Dispose();
            return error == Libc.WouldBlock
                ? null
                : throw new Failure(
                    ExitCode.Disk,
                    $"{path}: flock failed: {Libc.Describe(error)}; put state.directory on a file system with locks");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }
}
