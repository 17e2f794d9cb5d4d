using System.Text;
using OpCollector.Checkpoints;

namespace OpCollector.Detection.Sigma;

/// <summary>The matches of one group (one user, one address …) that a correlation keeps, ascending.</summary>
internal sealed class CorrelationGroup(string rule, string key, int mostMatches)
{
    /// <summary>How many matches are kept, unless a rule counts further.</summary>
    public const int MostMatches = 100;

    // What a group and a match take on the disk besides their texts.
    const int BytesOfGroup = 100;
    const int BytesOfMatch = 32;
    const int BytesOfText = 3;

    readonly List<Match> _matches = [];
    DateTimeOffset? _firedAt;
    KeptGroup? _kept;

    public string Key => key;

    /// <summary>About how much it takes on the disk.</summary>
    public int Bytes { get; private set; } = BytesOfGroup + Encoding.UTF8.GetByteCount(key);

    public IReadOnlyList<Match> Matches => _matches;

    /// <summary>The time of the last finding of a count: what happened within a span of it belongs to that finding.</summary>
    public DateTimeOffset? FiredAt
    {
        get => _firedAt;
        set => (_firedAt, _kept) = (value, null);
    }

    public DateTimeOffset Newest => _matches.Count == 0 ? DateTimeOffset.MinValue : _matches[^1].Time;

    /// <summary>It as the checkpoint keeps it, made anew only when something has changed.</summary>
    public KeptGroup Kept => _kept ??= new KeptGroup(
        rule,
        key,
        _firedAt,
        [.. _matches.Select(match => match.Kept)]);

    /// <summary>Puts a match at its own time; where there are too many, the oldest goes.</summary>
    /// <returns>Its place, or -1 where it is known already or older than everything kept; and the one that had to go.</returns>
    public (int At, Match? Dropped) Insert(Match match)
    {
        if (_matches.Exists(match.IsSame))
        {
            return (-1, null);
        }

        _kept = null;
        var at = _matches.FindLastIndex(each => each.Time <= match.Time) + 1;
        _matches.Insert(at, match);
        Bytes += Size(match);
        if (_matches.Count <= mostMatches)
        {
            return (at, null);
        }

        var dropped = _matches[0];
        _matches.RemoveAt(0);
        Bytes -= Size(dropped);
        return (at - 1, dropped);
    }

    /// <summary>Marks what a finding has reported.</summary>
    public void Use(DateTimeOffset told, TimeSpan span)
    {
        FiredAt = told;
        for (var at = 0; at < _matches.Count; at++)
        {
            _matches[at] = _matches[at] with { IsUsed = _matches[at].IsUsed || (_matches[at].Time - told).Duration() <= span };
        }
    }

    static int Size(Match match) =>
        BytesOfMatch + (match.Value is { } value ? Encoding.UTF8.GetByteCount(value) : 0)
            + match.Ids.Sum(id => BytesOfText + Encoding.UTF8.GetByteCount(id));
}
