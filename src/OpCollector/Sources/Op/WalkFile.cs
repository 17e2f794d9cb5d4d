using System.Text.Json;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Sources.Op;

/// <summary>
/// A walk from the newest event backwards, kept on the disk page by page: the events come in the wrong order, may be a
/// million, and no run may have to begin the walk again because the one before ended in the middle.
/// </summary>
internal sealed class WalkFile : IDisposable
{
    const int PagesPerSync = 50;

    readonly string _path;
    readonly FileStream _file;
    readonly List<(long Start, int Length, ulong Sum)> _lines = [];
    readonly WalkLine _header;
    int _unsynced;

    WalkFile(string path, FileStream file, WalkLine header, DateTimeOffset? since)
    {
        _path = path;
        _file = file;
        _header = header;
        Since = since;
    }

    /// <summary>The lowest eid walked to; the next page is asked for below it.</summary>
    public long Lowest { get; private set; } = long.MaxValue;

    /// <summary>The highest eid in it, from which it was walked down.</summary>
    public long Highest { get; private set; }

    /// <summary>Where this walk looks for the start of a first run: the time at which it may end.</summary>
    public DateTimeOffset? Since { get; }

    public int Pages => _lines.Count;

    public static WalkFile Create(string path, string source, DateTimeOffset? since = null)
    {
        try
        {
            var file = RegularFile.Open(path, FileMode.Create);
            var header = WalkLine.Create(
                start: 0,
                JsonSerializer.SerializeToUtf8Bytes(new WalkHeader(source, WalkHeader.Sealed, since), WalkHeaderJson.Default.WalkHeader),
                before: 0);
            RegularFile.Write(file.SafeFileHandle, header.Bytes, 0);
            return new WalkFile(path, file, header, since);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    /// <summary>
    /// The walk an earlier run left, or null. A line that a crash left torn, and what is behind it, is cut off: it will be
    /// asked for again. A walk of another source is of no use.
    /// </summary>
    public static WalkFile? Open(string path, string source)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var file = RegularFile.Open(path, FileMode.Open);
            if (WalkLine.ReadAll(file.SafeFileHandle, 0, 0).FirstOrDefault() is { } first
                && Header(first) is { } header
                && header.Source == source)
            {
                var walk = new WalkFile(path, file, first, header.Since);
                walk.Load();
                if (walk.Pages > 0)
                {
                    return walk;
                }
            }

            file.Dispose();
            DurableFile.Delete(path);
            return null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    /// <summary>Adds the next page downwards; what was walked past already is left out.</summary>
    public void Append(OpPage page)
    {
        try
        {
            var start = _file.Length;
            var line = WalkLine.Create(start, Json(page), SumBefore(_lines.Count));
            RegularFile.Write(_file.SafeFileHandle, line.Bytes, start);
            Remember(line, page.Events);
            LargeMemory.Return(line.Length);
            if (++_unsynced == PagesPerSync)
            {
                Sync();
            }
        }
        catch (IOException ex)
        {
            throw DurableFile.Failed(_path, ex);
        }
    }

    /// <summary>Makes what was walked durable, so that the next run can go on from it.</summary>
    public void Sync()
    {
        if (_unsynced > 0)
        {
            DurableFile.Sync(_file, _path);
            _unsynced = 0;
        }
    }

    /// <summary>The walked pages from the oldest to the newest.</summary>
    public IEnumerable<OpPage> Ascending()
    {
        for (var i = _lines.Count - 1; i >= 0; i--)
        {
            yield return Read(i);
        }
    }

    /// <summary>The walk is delivered, or of no use: away with it.</summary>
    public void Delete()
    {
        _file.Dispose();
        DurableFile.Delete(_path);
    }

    public void Dispose() => _file.Dispose();

    void Load()
    {
        long end = _header.Length;
        foreach (var line in WalkLine.ReadAll(_file.SafeFileHandle, end, _header.Sum))
        {
            // A walk that has checksums has one in each line.
            if ((_header.IsSealed && !line.IsSealed)
                || PageIn(line.Json) is not { Events.Count: > 0 } page
                || page.Events[^1].Eid >= Lowest)
            {
                break;
            }

            Remember(line, page.Events);
            end = line.Start + line.Length;
        }

        _file.SetLength(end);
    }

    void Remember(WalkLine line, IReadOnlyList<ActivityEvent> events)
    {
        _lines.Add((line.Start, line.Length, line.Sum));
        (Lowest, Highest) = (events[0].Eid, Math.Max(Highest, events[^1].Eid));
    }

    ulong SumBefore(int index) => index == 0 ? _header.Sum : _lines[index - 1].Sum;

    static WalkHeader? Header(WalkLine line)
    {
        try
        {
            return SafeJson.Read(line.Json, WalkHeaderJson.Default.WalkHeader) is { } header
                && header.Order == (line.IsSealed ? WalkHeader.Sealed : WalkHeader.NewestFirst)
                ? header
                : null;
        }
        catch (NoJsonException)
        {
            return null;
        }
    }

    OpPage Read(int index)
    {
        try
        {
            var (start, length, _) = _lines[index];
            LargeMemory.Return(length);
            return WalkLine.Read(_file.SafeFileHandle, start, length, SumBefore(index)) is { } line && PageIn(line.Json) is { } page ? page
                : throw new Failure(ExitCode.Disk, $"{_path}: a page reads otherwise than it was written; the next run asks for it again");
        }
        catch (IOException ex)
        {
            throw DurableFile.Failed(_path, ex);
        }
    }

    static OpPage? PageIn(ReadOnlyMemory<byte> line)
    {
        try
        {
            return OpPage.Parse(line);
        }
        catch (NoJsonException)
        {
            return null;
        }
    }

    static byte[] Json(OpPage page)
    {
        // At once as large as it will be: a page may be very large.
        ReadOnlyMemory<byte>[] items = [.. page.Events.Select(each => each.Bytes), .. page.Malformed.Select(each => each.Bytes)];
        var line = new byte[items.Sum(each => each.Length) + Math.Max(0, items.Length - 1) + 2];
        line.AsSpan().Fill((byte)',');
        (line[0], line[^1]) = ((byte)'[', (byte)']');
        var at = 1;
        foreach (var item in items)
        {
            item.CopyTo(line.AsMemory(at));
            at += item.Length + 1;
        }

        return line;
    }
}
