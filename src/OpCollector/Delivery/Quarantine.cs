using System.Buffers;
using OpCollector.Checkpoints;

namespace OpCollector.Delivery;

/// <summary>
/// The file in which what cannot be delivered lies with the reason, durable before the checkpoint passes it. An id counts
/// once, however often it comes, unless one batch has two items of it that differ.
/// </summary>
internal sealed class Quarantine(string path, string lockPath, TimeProvider time)
{
    public string FullPath => path;

    public bool IsEmpty => !File.Exists(path) || new FileInfo(path).Length == 0;

    /// <summary>Adds what is not there yet.</summary>
    /// <returns>How many were added.</returns>
    public int Add(IReadOnlyList<QuarantinedItem> items)
    {
        if (items.Count == 0)
        {
            return 0;
        }

        using var held = FileLock.Take(lockPath);
        var known = Ids();
        var lines = new ArrayBufferWriter<byte>();
        var added = 0;
        // Of one batch, what has an id in common and yet differs is not the same.
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
            DurableFile.Replace(path, Read());
        }

        return added;
    }

    /// <summary>The ids that lie in the file. A line that is none of ours is passed over.</summary>
    public HashSet<string> Ids() => [.. Items().Select(item => item.Id)];

    /// <summary>What lies in the file, in the order in which it came.</summary>
    public IReadOnlyList<QuarantinedItem> Items() => [.. Lines().Select(line => QuarantinedItem.Read(line)).OfType<QuarantinedItem>()];

    /// <summary>
    /// Takes out what was delivered after all, and writes the new reason beside what was refused again. What others added
    /// meanwhile stays, and so does every line that is none of ours. Both go by <see cref="QuarantinedItem.Key"/>.
    /// </summary>
    public void Replace(IReadOnlySet<string> delivered, IReadOnlyDictionary<string, QuarantinedItem> refusedAgain)
    {
        using var held = FileLock.Take(lockPath);
        if (!File.Exists(path))
        {
            // Moved away while we were at it: somebody has seen it.
            return;
        }

        var lines = new ArrayBufferWriter<byte>();
        foreach (var line in Lines())
        {
            if (QuarantinedItem.Read(line) is { } item)
            {
                if (delivered.Contains(item.Key))
                {
                    continue;
                }

                if (refusedAgain.TryGetValue(item.Key, out var again))
                {
                    again.WriteTo(lines, time.GetUtcNow());
                    continue;
                }
            }

            lines.Write(line.Span);
            lines.Write("\n"u8);
        }

        DurableFile.Replace(path, lines.WrittenSpan);
    }

    IEnumerable<ReadOnlyMemory<byte>> Lines()
    {
        var rest = (ReadOnlyMemory<byte>)Read();
        while (rest.Length > 0)
        {
            var end = rest.Span.IndexOf((byte)'\n') is >= 0 and var found ? found : rest.Length;
            if (end > 0)
            {
                yield return rest[..end];
            }

            rest = rest[Math.Min(end + 1, rest.Length)..];
        }
    }

    // A directory there is no file, and the line that cannot be written says so.
    byte[] Read() => File.Exists(path) ? RegularFile.Read(path, int.MaxValue) ?? [] : [];
}
