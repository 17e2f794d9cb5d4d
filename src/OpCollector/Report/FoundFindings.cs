using OpCollector.Detection.Sigma;

namespace OpCollector.Report;

/// <summary>What the rules have found: how much of each severity and by each rule, and the newest of each severity themselves.</summary>
internal sealed class FoundFindings
{
    /// <summary>Of one severity; more would be read by nobody.</summary>
    public const int MostOfLevel = 100;

    readonly Dictionary<RuleLevel, List<KeptFinding>> _kept = [];
    readonly Dictionary<string, (RuleInfo Rule, long Count, KeptFinding Newest)> _byRule = new(StringComparer.Ordinal);

    public static IReadOnlyList<RuleLevel> Levels { get; } = [.. Enum.GetValues<RuleLevel>().Reverse()];

    public long Total => _byRule.Values.Sum(each => each.Count);

    /// <summary>The most severe first, and of each severity the newest, and the newest of each rule.</summary>
    public IEnumerable<KeptFinding> Shown => Levels.SelectMany(level => (_kept.GetValueOrDefault(level) ?? [])
        .Concat(_byRule.Values.Where(each => each.Rule.Level == level).Select(each => each.Newest))
        .Distinct(ReferenceEqualityComparer.Instance)
        .Cast<KeptFinding>()
        .OrderByDescending(each => each.Ticks));

    /// <summary>The rules that found something, how often, and the newest of each that is shown; the most severe first.</summary>
    public IEnumerable<(RuleInfo Rule, long Count, KeptFinding Newest)> Rules => _byRule.Values
        .OrderByDescending(each => each.Rule.Level)
        .ThenByDescending(each => each.Count)
        .ThenBy(each => each.Rule.Name, StringComparer.Ordinal);

    /// <summary>The newest of a severity; null where there is none.</summary>
    public KeptFinding? Newest(RuleLevel level) => _kept.GetValueOrDefault(level)?[0];

    public long Count(RuleLevel level) => _byRule.Values.Where(each => each.Rule.Level == level).Sum(each => each.Count);

    public long LeftOut => Total - Shown.LongCount();

    public void Add(KeptFinding finding)
    {
        var (count, newest) = _byRule.TryGetValue(finding.Rule.Id, out var known) ? (known.Count, known.Newest) : (0, finding);
        _byRule[finding.Rule.Id] = (finding.Rule, count + 1, newest.Ticks > finding.Ticks ? newest : finding);
        if (!_kept.TryGetValue(finding.Rule.Level, out var list))
        {
            _kept[finding.Rule.Level] = list = [];
        }

        var at = list.FindIndex(each => each.Ticks <= finding.Ticks);
        list.Insert(at < 0 ? list.Count : at, finding);
        if (list.Count > MostOfLevel)
        {
            list.RemoveAt(MostOfLevel);
        }
    }
}
