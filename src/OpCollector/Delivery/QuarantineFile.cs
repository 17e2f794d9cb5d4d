using System.Buffers;
using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Delivery;

/// <summary>
/// The quarantine in a file, a line for each item, durable before the checkpoint passes it. It is read line by line: it may be of any size.
/// </summary>
internal sealed class QuarantineFile(string path, string lockPath, TimeProvider time) : Quarantine
{
    const long Large = 8 * 1024 * 1024;

    public override string Location => path;

    public override string HowToAcknowledge => "moving the file away";

    /// <summary>The quarantine of this state.</summary>
    public static QuarantineFile Open(StateDirectory state, TimeProvider time) =>
        new(state.PathOf("quarantine.ndjson"), state.PathOf("quarantine.lock"), time);

    public override bool IsLarge => File.Exists(path) && new FileInfo(path).Length > Large;

    public override int Add(IReadOnlyList<QuarantinedItem> items)
    {
        if (items.Count == 0)
        {
            return 0;
        }

        using var held = FileLock.Acquire(lockPath);
        var ids = items.Select(each => each.Id).ToHashSet();
        var known = Items().Select(each => each.Id).Where(ids.Contains).ToHashSet();
        var lines = new ArrayBufferWriter<byte>();
        var added = 0;
        // Items of one batch may share an id and differ: then each of them counts.
        foreach (var each in items.Where(each => !known.Contains(each.Id)).DistinctBy(each => each.Key))
        {
            each.WriteTo(lines, time.GetUtcNow());
            added++;
        }

        if (added > 0)
        {
            DurableFile.AppendLines(path, lines.WrittenSpan);
        }

        if (added < items.Count)
        {
            // A run that died may have left them unsynced, and a sync that failed proves nothing the second time: only a new file is sure.
            Rewrite(Copy);
        }

        return added;
    }

    // Delivered lines are marked and stay until the replay ends.
    public override IEnumerable<QuarantineLine> Lines()
    {
        // A directory there is no file, and the line that cannot be written says so.
        using var file = File.Exists(path) ? RegularFile.TryOpen(path) : null;
        foreach (var line in file is null ? [] : QuarantineLine.ReadAll(file))
        {
            yield return line;
        }
    }

    public override void Import(IEnumerable<ReadOnlyMemory<byte>> lines) => DurableFile.Rewrite(path, file =>
    {
        var to = new BufferedStream(file, 64 * 1024);
        foreach (var line in lines)
        {
            to.Write(line.Span);
            to.Write("\n"u8);
        }

        to.Flush();
    });

    public override (int Count, DateTimeOffset? Oldest) Summarize()
    {
        // A part of the hash is enough: two equal ones in so many lines are less likely than a broken disk.
        var keys = new HashSet<long>();
        DateTimeOffset? oldest = null;
        var tooLarge = 0;
        foreach (var line in Lines())
        {
            tooLarge += line.IsTooLarge ? 1 : 0;
            if (QuarantinedItem.Read(line.Bytes) is { } item)
            {
                keys.Add(item.ShortKey);
                oldest = item.When < oldest || oldest is null ? item.When : oldest;
            }
        }

        return (keys.Count + tooLarge, oldest);
    }

    public override void MarkDelivered(IEnumerable<(QuarantineLine Line, string Key)> delivered)
    {
        using var held = FileLock.Acquire(lockPath);
        if (!File.Exists(path))
        {
            // Moved away while we were at it: somebody has seen it.
            return;
        }

        try
        {
            using var file = RegularFile.Open(path, FileMode.Open);
            foreach (var (line, key) in delivered)
            {
                var bytes = new byte[line.Bytes.Length];
                // Another file may have taken its place meanwhile.
                if (RandomAccess.Read(file.SafeFileHandle, bytes, line.Start) == bytes.Length && QuarantinedItem.Read(bytes)?.Key == key)
                {
                    RegularFile.Write(file.SafeFileHandle, QuarantineLine.GoneByte, line.Start);
                }
            }

            DurableFile.Sync(file, path);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    public override void RemoveDelivered(
        IReadOnlySet<long> delivered, IReadOnlyDictionary<long, (string Why, int? Status, string? Answer)> rejectedAgain)
    {
        using var held = FileLock.Acquire(lockPath);
        if (!File.Exists(path))
        {
            return;
        }

        Rewrite((from, line, to) =>
        {
            var item = line.IsGone ? null : QuarantinedItem.Read(line.Bytes);
            if (item is not null && rejectedAgain.TryGetValue(item.ShortKey, out var reason))
            {
                to.Write(Again(item, reason, time.GetUtcNow()));
            }
            else if (!line.IsGone && (item is null || !delivered.Contains(item.ShortKey)))
            {
                Copy(from, line, to);
            }
        });
    }

    void Rewrite(Action<FileStream, QuarantineLine, Stream> write)
    {
        try
        {
            using var from = RegularFile.Open(path, FileMode.Open);
            DurableFile.Rewrite(path, file =>
            {
                var to = new BufferedStream(file, 64 * 1024);
                foreach (var line in QuarantineLine.ReadAll(from.SafeFileHandle))
                {
                    write(from, line, to);
                }

                to.Flush();
            });
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    static void Copy(FileStream from, QuarantineLine line, Stream to)
    {
        if (!line.IsUnread)
        {
            to.Write(line.Bytes.Span);
            to.Write("\n"u8);
            return;
        }

        var block = new byte[64 * 1024];
        for (var at = line.Start; at < line.Start + line.Length;)
        {
            var rest = (int)Math.Min(block.Length, line.Start + line.Length - at);
            var some = RandomAccess.Read(from.SafeFileHandle, block.AsSpan(0, rest), at);
            to.Write(block, 0, some);
            at += some == 0 ? throw new EndOfStreamException() : some;
        }
    }
}
