using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using OpCollector.Sources;
using OpCollector.Storage.Postgres;

namespace OpCollector.Delivery;

/// <summary>The quarantine in a table of PostgreSQL, a row for each item, committed together with the checkpoint that passes it.</summary>
internal sealed class QuarantineTable(PostgresState state, TimeProvider time) : Quarantine
{
    readonly PostgresLines _lines = state.Quarantine;

    public override string Location => _lines.Location;

    public override string HowToAcknowledge => "deleting the rows";

    // Nothing is ever written anew.
    public override bool IsLarge => true;

    /// <summary>What a line is found by, whatever the length of its id.</summary>
    public static byte[] KeyOf(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));

    public override int Add(IReadOnlyList<QuarantinedItem> items)
    {
        var added = 0;
        if (items.Count > 0)
        {
            state.WriteTogether(() => added = AddAlone(items));
        }

        return added;
    }

    public override IEnumerable<QuarantineLine> Lines() => _lines.Read(QuarantineLine.Most)
        .Select(each => new QuarantineLine(each.Id, each.Length, each.Line) { IsTooLarge = each.Line is null });

    public override void Import(IEnumerable<ReadOnlyMemory<byte>> lines) => state.WriteTogether(() =>
    {
        foreach (var line in lines)
        {
            var item = QuarantinedItem.Read(line);
            _lines.Add(KeyOf(item?.Id ?? ""), line.Span, item?.When ?? time.GetUtcNow());
        }
    });

    public override (int Count, DateTimeOffset? Oldest) Summarize() => _lines.Sum;

    public override void MarkDelivered(IEnumerable<(QuarantineLine Line, string Key)> delivered) =>
        _lines.Remove(delivered.Select(each => each.Line.Start));

    public override void RemoveDelivered(
        IReadOnlySet<long> delivered, IReadOnlyDictionary<long, (string Why, int? Status, string? Answer)> rejectedAgain)
    {
        if (delivered.Count + rejectedAgain.Count == 0)
        {
            return;
        }

        List<long> gone = [];
        foreach (var line in Lines())
        {
            if (QuarantinedItem.Read(line.Bytes) is not { } item)
            {
                continue;
            }

            if (rejectedAgain.TryGetValue(item.ShortKey, out var reason))
            {
                _lines.Replace(line.Start, Again(item, reason, time.GetUtcNow()).TrimEnd((byte)'\n'));
            }
            else if (delivered.Contains(item.ShortKey))
            {
                gone.Add(line.Start);
            }
        }

        _lines.Remove(gone);
    }

    int AddAlone(IReadOnlyList<QuarantinedItem> items)
    {
        var known = _lines.Known(items.Select(each => KeyOf(each.Id)));
        var added = 0;
        foreach (var each in items.Where(each => !known.Contains(Convert.ToHexString(KeyOf(each.Id)))).DistinctBy(each => each.Key))
        {
            var line = new ArrayBufferWriter<byte>();
            var now = time.GetUtcNow();
            each.WriteTo(line, now);
            _lines.Add(KeyOf(each.Id), line.WrittenSpan.TrimEnd((byte)'\n'), now);
            added++;
        }

        return added;
    }
}
