using System.Text;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>The matches of one group (one user, one address …) that a correlation keeps, ascending.</summary>
/// <param name="keptFor">How long before the one that came last a match may be.</param>
internal sealed class CorrelationGroup(Correlation rule, string key, int mostMatches, TimeSpan keptFor)
{
    /// <summary>How many matches are kept, unless a rule counts further.</summary>
    public const int MostMatches = 100;

    // What a group and a match take on the disk besides their texts.
    const int BytesOfGroup = 24;
    const int BytesOfMatch = 13;

    readonly List<RuleMatch> _matches = [];

    public string Key => key;

    /// <summary>About how much it takes on the disk.</summary>
    public int Bytes { get; private set; } = BytesOfGroup + Encoding.UTF8.GetByteCount(key);

    public IReadOnlyList<RuleMatch> Matches => _matches;

    /// <summary>From when to when what was told, and what belongs to it, lasted; null where nothing was told.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Told { get; set; }

    /// <summary>Whether it may still be completed by what comes next: of rules in order, the first has matched.</summary>
    public bool IsBegun { get; private set; } = rule.Type != CorrelationType.TemporalOrdered;

    public DateTimeOffset Newest { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>Puts a match at its own time; where there are too many, one of the oldest goes.</summary>
    /// <returns>Its place, or -1 where it is known already or older than everything kept; and the one that had to go.</returns>
    public (int At, RuleMatch? Dropped) Insert(RuleMatch match)
    {
        var at = _matches.Count;
        while (at > 0 && Newest >= match.Time && _matches[at - 1].Time >= match.Time)
        {
            at--;
            if (_matches[at].Time == match.Time && _matches[at].IsSame(match))
            {
                return (-1, null);
            }
        }

        while (at < _matches.Count && _matches[at].Time == match.Time)
        {
            at++;
        }

        _matches.Insert(at, match);
        IsBegun |= match.Member == 0;
        Bytes += Size(match);
        at -= at == _matches.Count - 1 && rule.Type is CorrelationType.ValueCount or CorrelationType.Temporal ? DropNeedless(match) : 0;
        RuleMatch? dropped = null;
        if (_matches.Count > mostMatches)
        {
            var least = LeastNeeded(match.Time);
            dropped = Remove(least);
            at = least < at ? at - 1 : least == at ? -1 : at;
        }

        // Counted from the new one, because what a device with a slow clock tells is looked at by itself.
        while (_matches[0].Time < match.Time.Minus(keptFor))
        {
            Remove(0);
            at--;
        }

        Newest = _matches[^1].Time;
        return (at, dropped);
    }

    /// <summary>Whether what was found is to be told: it is not where it belongs to what was told before.</summary>
    public bool ShouldReport(DateTimeOffset first, DateTimeOffset last)
    {
        if (Told is var (from, to) && last >= from.Minus(rule.Span) && last <= to.Plus(rule.Span))
        {
            Told = (first < from ? first : from, last > to ? last : to);
            return false;
        }

        Told = (first, last);
        return true;
    }

    // The oldest that is in no window with the new one; the oldest of all where all of them are.
    int LeastNeeded(DateTimeOffset time) => _matches[^1].Time - _matches[0].Time <= rule.Span
        ? 0
        : Math.Max(_matches.FindIndex(each => (each.Time - time).Duration() > rule.Span), 0);

    RuleMatch Remove(int at)
    {
        var match = _matches[at];
        Bytes -= Size(match);
        _matches.RemoveAt(at);
        return match;
    }

    // Of three matches with the same value within a span, each window that holds the one in the middle holds another.
    int DropNeedless(RuleMatch newest)
    {
        var middle = -1;
        for (var at = _matches.Count - 2; at >= 0 && newest.Time - _matches[at].Time <= rule.Span; at--)
        {
            if (_matches[at].Member != newest.Member || _matches[at].Value != newest.Value)
            {
                continue;
            }

            if (middle >= 0)
            {
                Remove(middle);
                return 1;
            }

            middle = at;
        }

        return 0;
    }

    static int Size(RuleMatch match)
    {
        var size = BytesOfMatch + (match.Value?.Length ?? 0);
        foreach (var id in match.Ids)
        {
            size += 1 + id.Length;
        }

        return size;
    }
}
