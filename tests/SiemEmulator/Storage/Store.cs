using System.Text;
using System.Text.Json.Nodes;

namespace SiemEmulator.Storage;

/// <summary>The events that were accepted, in their order; with a directory also on the disk before anybody is told.</summary>
internal sealed class Store : IDisposable
{
    readonly List<SiemEvent> _events = [];
    readonly FileStream? _file;

    public Store(string? directory)
    {
        if (directory is null)
        {
            return;
        }

        var path = Path.Combine(Directory.CreateDirectory(directory).FullName, "accepted.ndjson");
        if (File.Exists(path))
        {
            _events.AddRange(
                File.ReadLines(path)
                    .Select(line => JsonNode.Parse(line)!)
                    .Select(each => new SiemEvent((string)each["id"]!, (string)each["text"]!, (string?)each["key"])));
        }

        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    public IReadOnlyList<SiemEvent> Events
    {
        get
        {
            lock (_events)
            {
                return [.. _events];
            }
        }
    }

    public void Add(IReadOnlyList<SiemEvent> events)
    {
        lock (_events)
        {
            if (_file is not null)
            {
                _file.Write(Encoding.UTF8.GetBytes(string.Concat(events.Select(Line))));
                Libc.Sync(_file.SafeFileHandle);
            }

            _events.AddRange(events);
        }
    }

    public void Dispose() => _file?.Dispose();

    static string Line(SiemEvent each) =>
        new JsonObject { ["id"] = each.Id, ["key"] = each.Key, ["text"] = each.Text }.ToJsonString() + "\n";
}
