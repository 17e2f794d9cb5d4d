using System.Text.Json;
using OpCollector.Checkpoints;
using OpCollector.Events;

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
    readonly List<(long Start, int Length)> _lines = [];
    int _unsynced;

    WalkFile(string path, FileStream file, DateTimeOffset? since)
    {
        _path = path;
        _file = file;
        Since = since;
    }

    /// <summary>The lowest eid walked to; the next page is asked for below it.</summary>
    public long Lowest { get; private set; } = long.MaxValue;

    /// <summary>Where this walk looks for the start of a first run: the time at which it may end.</summary>
    public DateTimeOffset? Since { get; }

    public int Pages => _lines.Count;

    public static WalkFile Create(string path, string source, DateTimeOffset? since = null)
    {
        try
        {
            var file = RegularFile.Open(path, FileMode.Create);
            file.Write(JsonSerializer.SerializeToUtf8Bytes(new WalkHeader(source, WalkHeader.NewestFirst, since), OpJson.Default.WalkHeader));
            file.Write("\n"u8);
            return new WalkFile(path, file, since);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw DurableFile.Failed(path, ex);
        }
    }

    /// <summary>
    /// The walk an earlier run left, or null. A line that a crash left torn, and what stands behind it, is cut off: it will be
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
            if (Header(file) is ({ } header, var end) && header.Source == source)
            {
                var walk = new WalkFile(path, file, header.Since);
                walk.Load(end);
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
            var line = Line(page);
            _file.Position = start;
            _file.Write(line);
            Remember(start, line.Length, page.Events[0].Eid);
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
            yield return Read(_lines[i].Start, _lines[i].Length);
        }
    }

    /// <summary>The walk is delivered, or of no use: away with it.</summary>
    public void Delete()
    {
        _file.Dispose();
        DurableFile.Delete(_path);
    }

    public void Dispose() => _file.Dispose();

    void Load(long end)
    {
        foreach (var (start, line) in Lines(_file, end))
        {
            if (PageIn(line) is not { Events: [var lowest, ..] } page || page.Events[^1].Eid >= Lowest)
            {
                break;
            }

            Remember(start, line.Length, lowest.Eid);
            end = start + line.Length;
        }

        _file.SetLength(end);
    }

    void Remember(long start, int length, long lowest)
    {
        _lines.Add((start, length));
        Lowest = lowest;
    }

    static (WalkHeader? Header, long End) Header(FileStream file)
    {
        var (_, line) = Lines(file, 0).FirstOrDefault();
        try
        {
            var header = line is null ? null : SafeJson.Read(line, OpJson.Default.WalkHeader);
            return header?.Order == WalkHeader.NewestFirst ? (header, line!.Length) : (null, 0);
        }
        catch (NoJsonException)
        {
            return (null, 0);
        }
    }

    OpPage Read(long start, int length)
    {
        try
        {
            var bytes = new byte[length];
            _file.Position = start;
            _file.ReadExactly(bytes);
            return OpPage.Of(bytes);
        }
        catch (IOException ex)
        {
            throw DurableFile.Failed(_path, ex);
        }
    }

    static OpPage? PageIn(byte[] line)
    {
        try
        {
            return OpPage.Of(line);
        }
        catch (NoJsonException)
        {
            return null;
        }
    }

    // Whole lines only, each with its line break.
    static IEnumerable<(long Start, byte[] Line)> Lines(FileStream file, long start)
    {
        var block = new byte[64 * 1024];
        var line = new List<byte>();
        for (var at = start; RandomAccess.Read(file.SafeFileHandle, block, at) is > 0 and var length; at += length)
        {
            var from = 0;
            while (block.AsSpan(from, length - from).IndexOf((byte)'\n') is >= 0 and var end)
            {
                line.AddRange(block.AsSpan(from, end + 1));
                yield return (start, line.ToArray());
                start += line.Count;
                line.Clear();
                from += end + 1;
            }

            line.AddRange(block.AsSpan(from, length - from));
        }
    }

    static byte[] Line(OpPage page)
    {
        using var line = new MemoryStream();
        line.WriteByte((byte)'[');
        foreach (var bytes in page.Events.Select(each => each.Bytes).Concat(page.Malformed.Select(each => each.Bytes)))
        {
            if (line.Length > 1)
            {
                line.WriteByte((byte)',');
            }

            line.Write(bytes.Span);
        }

        line.Write("]\n"u8);
        return line.ToArray();
    }
}
