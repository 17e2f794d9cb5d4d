using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// The values that each group was seen with, so that a new one shows: as hashes, with the times of the first and of the last. While values
/// are learned nothing is new: for a while after the first event of all, and after the first of each group.
/// </summary>
internal sealed class SeenMemory(Correlation rule, TimeSpan lateness) : RuleMemory(rule)
{
    const int BytesOfEntry = 18;

    // The group of all events, which no event names.
    const ulong Whole = 0x0bc0_11ec_7020_26ed;

    // How seldom a value that is seen all the time is written again, unless it is soon forgotten.
    const int HalfADay = 12 * 60;

    readonly Dictionary<ulong, SeenValue> _seen = [];
    readonly int _span = Minutes(rule.Span);
    readonly int _refresh = Math.Clamp(Minutes(rule.Span) / 8, 1, HalfADay);
    readonly int _learning = Minutes(rule.Learning);
    int _newest = int.MinValue;

    // None of the values is older.
    int _oldest = int.MaxValue;

    public override CorrelationMatch? Add(string key, RuleMatch match)
    {
        var minute = Minutes(match.Time - SeenValue.Epoch);
        var group = Hash(key, Whole);
        var isLearning = IsLearning(Whole, minute) | IsLearning(group, minute);
        return Touch(Hash(match.Value, group), minute) is null && !isLearning ? new CorrelationMatch([match], 1) : null;
    }

    /// <summary>Takes up what an earlier run remembered.</summary>
    public void Restore(ulong hash, SeenValue value)
    {
        Bytes += _seen.TryAdd(hash, value) ? BytesOfEntry : 0;
        _seen[hash] = value;
        (_newest, _oldest) = (Math.Max(_newest, value.Last), Math.Min(_oldest, value.Last));
    }

    public override void ForgetWhatIsOver()
    {
        var kept = (long)_span + Minutes(lateness);
        if (_newest - (long)_oldest > kept)
        {
            Forget([.. _seen.Where(each => (long)_newest - each.Value.Last > kept).Select(each => each.Key)]);
            _oldest = _seen.Count == 0 ? int.MaxValue : _seen.Values.Min(each => each.Last);
        }
    }

    /// <summary>Forgets a tenth of the values: one would not be worth the search.</summary>
    public override void ForgetOldest() => Forget(
        [.. _seen.OrderBy(each => each.Value.Last).ThenBy(each => each.Key).Take((_seen.Count / 10) + 1).Select(each => each.Key)]);

    public override void Save(MemoryJournal journal)
    {
        foreach (var (hash, value) in _seen)
        {
            journal.Seen(Rule.Info.Id, hash, value);
        }
    }

    bool IsLearning(ulong of, int minute) =>
        Touch(of, minute) is var seen && _learning > 0 && (seen is null || (long)minute - seen.Value.First < _learning);

    /// <summary>Remembers that a value was seen. Returns what was known of it before; null where it is new or forgotten.</summary>
    SeenValue? Touch(ulong hash, int minute)
    {
        var isKnown = _seen.TryGetValue(hash, out var seen) && (long)minute - seen.Last <= _span;
        var next = isKnown ? new SeenValue(Math.Min(seen.First, minute), Math.Max(seen.Last, minute)) : new SeenValue(minute, minute);
        if (!isKnown || next.First < seen.First || next.Last - seen.Last >= _refresh)
        {
            Restore(hash, next);
            Journal?.Seen(Rule.Info.Id, hash, next);
        }

        return isKnown ? seen : null;
    }

    static ulong Hash(string? text, ulong of) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), (long)of);

    void Forget(ulong[] hashes)
    {
        foreach (var hash in hashes)
        {
            _seen.Remove(hash);
        }

        Bytes -= (long)hashes.Length * BytesOfEntry;
    }

    static int Minutes(TimeSpan span) => (int)Math.Clamp(span.TotalMinutes, int.MinValue + 1, int.MaxValue);
}
