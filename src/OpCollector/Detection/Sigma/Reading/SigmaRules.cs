using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Matching;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>Rules that have been read and found right.</summary>
/// <param name="Correlations">Each after those whose findings it looks at.</param>
/// <param name="UuidLists">The watch lists that some rule compares with uuids, so that their entries have to be known.</param>
/// <param name="AskedLists">The watch lists that some rule asks for.</param>
/// <param name="LeftOut">How many rules stood among them that are for other products.</param>
internal sealed record SigmaRules(
    FieldTable Fields,
    IReadOnlyList<SigmaRule> Rules,
    IReadOnlyList<Correlation> Correlations,
    IReadOnlyCollection<string> UuidLists,
    IReadOnlyCollection<string> AskedLists,
    int LeftOut)
{
    /// <summary>What filters leave out of correlations and native rules, by the rule's id.</summary>
    public required IReadOnlyDictionary<string, Matcher> Filtered { get; init; }

    /// <summary>The native rules that others may name.</summary>
    public required IReadOnlyList<RuleInfo> Natives { get; init; }

    /// <summary>What is likely to be a mistake in the rules of one's own, with its place.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>The watch lists that they ask for.</summary>
    public ListUse Lists => new(AskedLists, UuidLists);

    public IEnumerable<RuleInfo> All => Rules.Select(rule => rule.Info).Concat(Correlations.Select(correlation => correlation.Info));
}

/// <summary>Which watch lists rules ask for.</summary>
/// <param name="OfUuids">Those that are compared with uuids, so that their entries have to be known.</param>
internal sealed record ListUse(IReadOnlyCollection<string> Asked, IReadOnlyCollection<string> OfUuids)
{
    public static ListUse None { get; } = new([], []);
}

/// <summary>A rule that looks at one event at a time.</summary>
/// <param name="Lists">The entries of the watch lists that it asks for, by the names of the lists.</param>
internal sealed record SigmaRule(RuleInfo Info, Matcher Matcher, IReadOnlyDictionary<string, IReadOnlyList<string>> Lists)
{
    /// <summary>The watch lists that it needs and that hold nothing.</summary>
    public IReadOnlyList<string> EmptyLists { get; } =
        [.. Lists.Where(list => list.Value.Count == 0 && !Placeholders.CanDoWithout(list.Key)).Select(list => list.Key)];

    /// <summary>Whether it can match anything with the lists as they are.</summary>
    public bool IsUsable => Matcher.CanMatch;
}
