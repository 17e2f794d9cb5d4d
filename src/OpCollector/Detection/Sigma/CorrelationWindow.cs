namespace OpCollector.Detection.Sigma;

/// <summary>
/// Looks for a window of time in which a correlation holds. Pure: the matches of one group, ascending, and the new one among them.
/// </summary>
internal static class CorrelationWindow
{
    /// <summary>The matches that make the correlation hold, the new one among them; null where it does not.</summary>
    public static IReadOnlyList<Match>? Find(Correlation rule, IReadOnlyList<Match> matches, int added) => rule.Type switch
    {
        CorrelationType.Temporal => Temporal(rule, matches, matches[added]),
        CorrelationType.TemporalOrdered => Ordered(rule, matches, matches[added]),
        _ => Counted(rule, matches, matches[added]),
    };

    // A late event may complete a window that ends after it.
    static List<Match>? Counted(Correlation rule, IReadOnlyList<Match> matches, Match added)
    {
        foreach (var last in matches.Where(each => each.Time >= added.Time && each.Time - added.Time <= rule.Span)
            .Select(each => each.Time)
            .Distinct())
        {
            var window = matches.Where(each => !each.IsUsed && each.Time <= last && last - each.Time <= rule.Span).ToList();
            var count = rule.Type == CorrelationType.ValueCount
                ? window.Select(each => each.Value).Distinct(StringComparer.Ordinal).Count()
                : window.Count;
            if (rule.Holds(count))
            {
                return window;
            }
        }

        return null;
    }

    /// <summary>
    /// Every rule within the span, in any order; at the same time is within it. Of each rule the match nearest to the new one.
    /// </summary>
    static Match[]? Temporal(Correlation rule, IReadOnlyList<Match> matches, Match added)
    {
        foreach (var first in matches.Select(each => each.Time)
            .Where(time => time <= added.Time && added.Time - time <= rule.Span)
            .Distinct()
            .OrderDescending())
        {
            Match?[] chain =
            [
                .. Enumerable.Range(0, rule.Members.Count).Select(member => member == added.Member
                    ? added
                    : matches.Where(each => each.Member == member && each.Time >= first && each.Time - first <= rule.Span)
                        .MinBy(each => (each.Time - added.Time).Duration())),
            ];
            if (!chain.Contains(null))
            {
                return [.. chain.OfType<Match>()];
            }
        }

        return null;
    }

    /// <summary>Every rule, each later than the one before it: the nearest ones on both sides make the shortest chain.</summary>
    static Match[]? Ordered(Correlation rule, IReadOnlyList<Match> matches, Match added)
    {
        var chain = new Match?[rule.Members.Count];
        chain[added.Member] = added;
        for (var member = added.Member - 1; member >= 0; member--)
        {
            chain[member] = matches.LastOrDefault(each => each.Member == member && each.Time < chain[member + 1]?.Time);
        }

        for (var member = added.Member + 1; member < chain.Length; member++)
        {
            chain[member] = matches.FirstOrDefault(each => each.Member == member && each.Time > chain[member - 1]?.Time);
        }

        return chain.Contains(null) || chain[^1]!.Time - chain[0]!.Time > rule.Span ? null : [.. chain.OfType<Match>()];
    }
}
