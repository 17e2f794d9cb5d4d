using OpCollector.Detection.Sigma.Matching;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// Looks for a window of time in which a correlation holds. Pure: the matches of one group, ascending, and the new one among them.
/// </summary>
internal static class CorrelationWindow
{
    const decimal AllOfThem = 100;

    /// <summary>The matches that make the correlation hold, ascending, the new one among them; null where it does not.</summary>
    public static CorrelationMatch? Find(Correlation rule, IReadOnlyList<RuleMatch> matches, int added)
    {
        if (rule.Type == CorrelationType.Travel)
        {
            return ImpossibleTravel.Find(matches, added);
        }

        if (!rule.IsTemporal)
        {
            return Counted(rule, matches, added);
        }

        IReadOnlyList<RuleMatch>? chain = rule.Condition.Comparisons.Count > 0 ? Different(rule, matches, added)
            : rule.Type == CorrelationType.Temporal ? Temporal(rule, matches, matches[added])
            : Ordered(rule, matches, matches[added]);
        return chain is null ? null : new CorrelationMatch([.. chain.OrderBy(each => each.Time)], chain.Count);
    }

    // A late event may complete a window that ends after it.
    static CorrelationMatch? Counted(Correlation rule, IReadOnlyList<RuleMatch> matches, int added)
    {
        if (IsTooFew(rule, matches.Count))
        {
            return null;
        }

        var first = 0;
        for (var last = added; last < matches.Count && matches[last].Time - matches[added].Time <= rule.Span; last++)
        {
            if (last + 1 < matches.Count && matches[last + 1].Time == matches[last].Time)
            {
                continue;
            }

            first = Beginning(matches, first, last, rule.Span);
            if (IsTooFew(rule, last + 1 - first))
            {
                continue;
            }

            RuleMatch[] window = [.. matches.Skip(first).Take(last + 1 - first)];
            var number = Number(rule, window);
            if (rule.Condition.Holds(number))
            {
                return new CorrelationMatch(window, number);
            }
        }

        return null;
    }

    // Of so many matches there are no more values.
    static bool IsTooFew(Correlation rule, int matches) =>
        rule.Type is CorrelationType.EventCount or CorrelationType.ValueCount && matches < rule.Condition.Least;

    // The first match of the window that ends with a match.
    static int Beginning(IReadOnlyList<RuleMatch> matches, int first, int last, TimeSpan span)
    {
        for (var end = last; first < end;)
        {
            var middle = (first + end) / 2;
            (first, end) = matches[last].Time - matches[middle].Time > span ? (middle + 1, end) : (first, middle);
        }

        return first;
    }

    /// <summary>What of the matches in a window is compared.</summary>
    public static decimal Number(Correlation rule, IReadOnlyList<RuleMatch> window) => rule.Type switch
    {
        CorrelationType.EventCount => window.Count,
        CorrelationType.ValueCount => window.Select(each => each.Value).Distinct(StringComparer.Ordinal).Count(),
        CorrelationType.Risk => window
            .Select(match => RiskMatch.Parse(match.Value))
            .GroupBy(risk => risk.Rule)
            .Sum(risks => risks.Max(risk => risk.Points)),
        CorrelationType.ValueSum => Numbers(window).Aggregate(0m, Sum),
        CorrelationType.ValueAvg => Numbers(window).Select(number => number / window.Count).Aggregate(0m, Sum),
        _ => Percentile([.. Numbers(window).Order()], rule.Condition.Percentile),
    };

    // The nearest rank: the smallest of them that is not less than so many.
    static decimal Percentile(decimal[] ascending, decimal percentile) =>
        ascending[Math.Max(0, (int)Math.Ceiling(percentile / AllOfThem * ascending.Length) - 1)];

    static IEnumerable<decimal> Numbers(IEnumerable<RuleMatch> window) => window.Select(each => NumberText.Parse(each.Value ?? "") ?? 0);

    // What is too large for a number is the largest one.
    static decimal Sum(decimal one, decimal other)
    {
        try
        {
            return one + other;
        }
        catch (OverflowException)
        {
            return one > 0 ? decimal.MaxValue : decimal.MinValue;
        }
    }

    /// <summary>
    /// Every rule within the span, in any order; at the same time is within it. Of each rule the match nearest to the new one.
    /// </summary>
    static RuleMatch[]? Temporal(Correlation rule, IReadOnlyList<RuleMatch> matches, RuleMatch added)
    {
        foreach (var first in Beginnings(rule, matches, added))
        {
            RuleMatch?[] chain =
            [
                .. Enumerable.Range(0, rule.Members.Count).Select(member => member == added.Member
                    ? added
                    : matches.Where(each => each.Member == member && each.Time >= first && each.Time - first <= rule.Span)
                        .MinBy(each => (each.Time - added.Time).Duration())),
            ];
            if (!chain.Contains(null))
            {
                return [.. chain.OfType<RuleMatch>()];
            }
        }

        return null;
    }

    /// <summary>Every rule, each later than the one before it: the nearest ones on both sides make the shortest chain.</summary>
    static RuleMatch[]? Ordered(Correlation rule, IReadOnlyList<RuleMatch> matches, RuleMatch added)
    {
        var chain = new RuleMatch?[rule.Members.Count];
        chain[added.Member] = added;
        for (var member = added.Member - 1; member >= 0; member--)
        {
            chain[member] = matches.LastOrDefault(each => each.Member == member && each.Time < chain[member + 1]?.Time);
        }

        for (var member = added.Member + 1; member < chain.Length; member++)
        {
            chain[member] = matches.FirstOrDefault(each => each.Member == member && each.Time > chain[member - 1]?.Time);
        }

        return chain.Contains(null) || chain[^1]!.Time - chain[0]!.Time > rule.Span ? null : [.. chain.OfType<RuleMatch>()];
    }

    /// <summary>As many different rules within the span as the condition says, the new match among them.</summary>
    static List<RuleMatch>? Different(Correlation rule, IReadOnlyList<RuleMatch> matches, int added) =>
        Beginnings(rule, matches, matches[added])
            .Select(first => matches.Where(each => each.Time >= first && each.Time - first <= rule.Span).ToList())
            .Select(window => rule.Type == CorrelationType.Temporal
                ? [.. window.OrderBy(each => (each.Time - matches[added].Time).Duration()).DistinctBy(each => each.Member)]
                : LongestChain(window, matches[added]))
            .FirstOrDefault(chain => rule.Condition.Holds(chain.Count));

    /// <summary>The most matches around one of which each is later, and of a later rule, than the one before it.</summary>
    static List<RuleMatch> LongestChain(List<RuleMatch> window, RuleMatch through)
    {
        var chains = new Dictionary<RuleMatch, List<RuleMatch>>(ReferenceEqualityComparer.Instance);
        foreach (var each in window)
        {
            var before = window.Where(other => other.Time < each.Time && other.Member < each.Member && chains[other].Count > 0)
                .Select(other => chains[other])
                // Behind the one that has to be in it, only what leads through it counts.
                .Where(chain => each.Time <= through.Time || chain.Contains(through))
                .MaxBy(chain => chain.Count);
            chains[each] = ReferenceEquals(each, through) || before is not null || each.Time < through.Time ? [.. before ?? [], each] : [];
        }

        return chains.Values.Where(chain => chain.Contains(through)).MaxBy(chain => chain.Count)!;
    }

    // Where a window can begin that holds the new match, the latest first.
    static IEnumerable<DateTimeOffset> Beginnings(Correlation rule, IReadOnlyList<RuleMatch> matches, RuleMatch added) => matches
        .Select(each => each.Time)
        .Where(time => time <= added.Time && added.Time - time <= rule.Span)
        .Distinct()
        .OrderDescending();
}
