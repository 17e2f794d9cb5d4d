namespace OpCollector.Detection.Sigma;

/// <summary>The matches of one group (one user, one address …) that a correlation keeps, ascending.</summary>
internal sealed class CorrelationGroup(string key, long number)
{
    public const int MostMatches = 100;

    public string Key => key;

    /// <summary>When it was made, among all groups of its rule.</summary>
    public long Number => number;

    public List<Match> Matches { get; } = [];

    /// <summary>The time of the last finding of a count: what lies within a span of it belongs to that finding.</summary>
    public DateTimeOffset? FiredAt { get; set; }

    public DateTimeOffset Newest => Matches.Count == 0 ? DateTimeOffset.MinValue : Matches[^1].Time;

    /// <summary>Puts a match at its own time; where there are too many, the oldest goes.</summary>
    /// <returns>Its place, or -1 where it is known already or older than everything kept; and the one that had to go.</returns>
    public (int At, Match? Dropped) Insert(Match match)
    {
        if (Matches.Exists(match.IsSame))
        {
            return (-1, null);
        }

        var at = Matches.FindLastIndex(each => each.Time <= match.Time) + 1;
        Matches.Insert(at, match);
        if (Matches.Count <= MostMatches)
        {
            return (at, null);
        }

        var dropped = Matches[0];
        Matches.RemoveAt(0);
        return (at - 1, dropped);
    }
}
