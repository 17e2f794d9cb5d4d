namespace OpCollector.Checkpoints;

/// <summary>A lock that the kernel releases whatever happens to the process: flock on a file that is never deleted.</summary>
internal sealed class FileLock : IDisposable
{
    FileLock(FileStream file) => File = file;

    public FileStream File { get; }

    /// <summary>The lock, or null when another process holds it. Any other answer of the kernel means "not locked" (74).</summary>
    public static FileLock? TryTake(string path) => Take(path, Libc.TryLock);

    /// <summary>The lock, waited for: for the moment in which another process appends a line.</summary>
    public static FileLock Take(string path) => Take(path, Libc.Lock)!;

    public void Dispose() => File.Dispose();

    static FileLock? Take(string path, Func<Microsoft.Win32.SafeHandles.SafeFileHandle, int> flock)
    {
        try
        {
            var file = DurableFile.Open(path, FileMode.OpenOrCreate);
            var error = flock(file.SafeFileHandle);
            if (error == 0)
            {
                return new FileLock(file);
            }

            file.Dispose();
            return error == Libc.WouldBlock
                ? null
                : throw new Failure(ExitCode.Disk, $"{path}: flock failed: {Libc.Describe(error)}; put state.directory on a file system with locks");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }
}
