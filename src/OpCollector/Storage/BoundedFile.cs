namespace OpCollector.Storage;

/// <summary>
/// Reads files that people name, no more of them than a limit and for no longer than a while: a wrong path may lead to a device without an
/// end, or to a pipe that nobody writes to.
/// </summary>
internal static class BoundedFile
{
    const int FirstBytes = 64 * 1024;

    // Long enough for a program that fetches a secret from somewhere: <(vault read …).
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <exception cref="TooLargeException">There is more in it.</exception>
    /// <exception cref="SilentFileException">It gives nothing, or does not end.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">We may not.</exception>
    public static byte[] Read(string path, int most)
    {
        var reading = Task.Run(() => ReadAll(path, most));
        return Task.WaitAny([reading], Patience) == 0 ? reading.GetAwaiter().GetResult() : throw new SilentFileException(Patience);
    }

    /// <summary>A limit as a person reads it.</summary>
    public static string InWords(int bytes) => bytes < 1024 * 1024 ? $"{bytes / 1024} kB" : $"{bytes / 1024 / 1024} MB";

    static byte[] ReadAll(string path, int most)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var bytes = new MemoryStream();
        var buffer = new byte[Math.Min(most, FirstBytes)];
        while (file.Read(buffer) is > 0 and var length)
        {
            if (bytes.Length + length > most)
            {
                throw new TooLargeException($"It is larger than {InWords(most)}");
            }

            bytes.Write(buffer.AsSpan(0, length));
        }

        return bytes.ToArray();
    }
}
