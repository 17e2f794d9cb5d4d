namespace OpCollector.Storage;

/// <summary>A file of records of one size, to which records are only appended.</summary>
internal static class RecordFile
{
    /// <summary>
    /// Appends whole records of <paramref name="size"/> bytes. A last one that a crash left torn is cut off first, as in
    /// <see cref="DurableFile.AppendLines"/>; the caller holds the lock of the state to which the file belongs.
    /// </summary>
    /// <returns>Ends when they are on the disk: until then other files can be written and synced too.</returns>
    public static Task Append(string path, ReadOnlySpan<byte> records, int size)
    {
        var isNew = !File.Exists(path);
        var file = Write(path, records, size);
        return Task.Run(() =>
        {
            using (file)
            {
                DurableFile.Sync(file, path);
            }

            if (isNew)
            {
                DurableFile.SyncDirectoryOf(path);
            }
        });
    }

    static FileStream Write(string path, ReadOnlySpan<byte> records, int size)
    {
        FileStream? file = null;
        try
        {
            file = RegularFile.Open(path, FileMode.OpenOrCreate);
            var length = RandomAccess.GetLength(file.SafeFileHandle);
            var end = length - (length % size);
            if (end < length)
            {
                RandomAccess.SetLength(file.SafeFileHandle, end);
            }

            RegularFile.Write(file.SafeFileHandle, records, end);
            return file;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw DurableFile.Failed(path, ex);
        }
    }
}
