namespace EventsApiEmulator;

/// <summary>What one stream holds, and the page behind a cursor.</summary>
internal sealed class ApiStream
{
    readonly List<ApiItem> _byTime = [];
    readonly List<ApiItem> _byInsertion = [];

    public void Add(string uuid, DateTimeOffset time, string text)
    {
        lock (_byTime)
        {
            var item = new ApiItem(uuid, time, text, _byInsertion.Count);
            _byInsertion.Add(item);
            var place = _byTime.Count == 0 || _byTime[^1].CompareTo(item) < 0 ? _byTime.Count : _byTime.BinarySearch(item);
            _byTime.Insert(place < 0 ? ~place : place, item);
        }
    }

    /// <summary>The items behind a cursor, and the cursor behind them: the same where there are none.</summary>
    public (IReadOnlyList<ApiItem> Items, Cursor Cursor) After(Cursor cursor, CursorOrder order, DateTimeOffset oldest)
    {
        lock (_byTime)
        {
            var from = order == CursorOrder.EventTime ? PlaceInTime(cursor) : cursor.Number;
            var items = (order == CursorOrder.EventTime ? _byTime : _byInsertion).Skip(from)
                .Where(item => item.Time >= cursor.Start && item.Time >= oldest && (cursor.End is null || item.Time < cursor.End))
                .Take(cursor.Limit)
                .ToList();
            return (items, items.Count == 0
                ? cursor
                : cursor with
                {
                    Milliseconds = items[^1].Time.ToUnixTimeMilliseconds(),
                    Uuid = items[^1].Uuid,
                    Number = items[^1].Number + 1
                });
        }
    }

    int PlaceInTime(Cursor cursor)
    {
        // The start counts until there is an item to stand behind.
        var place = _byTime.BinarySearch(cursor.Uuid.Length == 0
            ? new ApiItem("", cursor.Start, "", 0)
            : new ApiItem(cursor.Uuid, DateTimeOffset.FromUnixTimeMilliseconds(cursor.Milliseconds), "", 0));
        return place < 0 ? ~place : cursor.Uuid.Length == 0 ? place : place + 1;
    }
}
