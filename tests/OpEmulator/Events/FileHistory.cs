namespace OpEmulator.Events;

/// <summary>A history written down by a test, well-formed or not.</summary>
internal sealed class FileHistory : IHistory
{
    readonly List<HistoryItem> _items;

    FileHistory(List<HistoryItem> items) => _items = items;

    public int Count => _items.Count;

    public static FileHistory Read(string path, long pagesServed)
    {
        var items = new List<HistoryItem>();
        ReadOnlyMemory<byte> rest = File.Exists(path) ? File.ReadAllBytes(path) : [];
        for (var number = 1; !rest.IsEmpty; number++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!line.IsEmpty && HistoryLine.Read(line, number) is var item && item.After <= pagesServed)
            {
                items.Add(item);
            }
        }

        return new FileHistory([.. items.OrderBy(static item => item.Eid)]);
    }

    public long EidAt(int index) => _items[index].Eid;

    public ReadOnlyMemory<byte> ItemAt(int index) => _items[index].Bytes;
}
