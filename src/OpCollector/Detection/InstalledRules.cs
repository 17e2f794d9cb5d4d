using System.Globalization;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Names;

namespace OpCollector.Detection;

/// <summary>All rules of an installation, what became of each of them, and the rule engine that is made of them.</summary>
/// <param name="Warnings">What is wrong with watch lists and working hours, without stopping anything.</param>
internal sealed record InstalledRules(
    SigmaRules Rules, WorkingHours Hours, IReadOnlyList<RuleStatus> Statuses, IReadOnlyList<string> Warnings)
{
    /// <summary>The lists that no rule asks for, as complaints with their places.</summary>
    public IReadOnlyList<string> UnusedLists { get; init; } = [];

    /// <summary>The built-in rules and those of the configuration.</summary>
    /// <exception cref="Failure">Something is wrong with the rules, or <c>detection.disabled</c> names one that does not exist
    /// (78).</exception>
    public static InstalledRules Load(DetectionSettings settings, SilenceSettings silence, Watchlists lists) =>
        Load(settings, silence, lists, ListUse.None);

    /// <summary>The built-in rules and those of the configuration, where rules of <c>sink.drop</c> ask for lists, too.</summary>
    /// <inheritdoc cref="Load(DetectionSettings, SilenceSettings, Watchlists)"/>
    public static InstalledRules Load(DetectionSettings settings, SilenceSettings silence, Watchlists lists, ListUse dropping)
    {
        var files = RuleFiles.BuiltIn().Concat(settings.Rules.SelectMany(RuleFiles.Read));
        var rules = SigmaRulesReader.Read(files, lists, NativeRules.All);
        var hours = new WorkingHours(settings.WorkingHours, lists);
        var all = rules.All.Concat(NativeRules.All).ToArray();
        if (settings.Disabled.FirstOrDefault(name => !all.Any(rule => rule.IsCalled(name.AsText()))) is { } unknown)
        {
            throw unknown.Wrong($"there is no rule \"{unknown.AsText()}\"; opcollector rules list shows them");
        }

        Inactivity? WhyNot(RuleInfo rule) =>
            settings.Disabled.Any(name => rule.IsCalled(name.AsText())) ? NotWanted("disabled by detection.disabled")
            : ReferenceEquals(rule, NativeRules.OffHours) && hours.IsEmpty ? Lacking("detection.workingHours lists nobody")
            : (ReferenceEquals(rule, NativeRules.Silence) || ReferenceEquals(rule, NativeRules.SourceUnreadable)) && silence.After is null
            ? NotWanted("silence.after is off")
            : WhyUnusable(rules, rule, lists) is { } why ? why
            : rule.Level < settings.Level ? NotWanted($"below detection.level ({settings.Level.ToString().ToLowerInvariant()})")
            : null;
        var asked = string.Join(", ", rules.AskedLists.Order(StringComparer.Ordinal));
        string[] unused = [.. settings.ListPlaces
            .Where(list => !rules.AskedLists.Concat(dropping.Asked).Contains(list.Name))
            .Select(list => list.Wrong(
                $"no rule uses this list{SpellingSuggestion.Question(list.Name, rules.AskedLists, $"rules use {asked}")}").Message)];
        return new InstalledRules(
            rules,
            hours,
            [.. all.Select(rule => new RuleStatus(rule, WhyNot(rule), Without(rules, rule)))],
            [.. unused, .. lists.Warnings(rules.UuidLists.Union(dropping.OfUuids)), .. hours.Warnings, .. rules.Warnings])
        {
            UnusedLists = unused,
        };
    }

    /// <summary>Some rules and nothing else, each of whatever level: for looking, and for trying rules out.</summary>
    public static InstalledRules WithoutSettings(SigmaRules rules, Watchlists? lists = null) => new(
        rules,
        new WorkingHours([], Watchlists.None),
        [.. rules.All.Select(rule => new RuleStatus(rule, WhyUnusable(rules, rule, lists ?? Watchlists.None), Without(rules, rule)))],
        [.. (lists ?? Watchlists.None).Warnings(rules.UuidLists), .. rules.Warnings]);

    /// <summary>That some rules are for other products; null where all are ours.</summary>
    public string? LeftOut => Rules.LeftOut == 0 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{Rules.LeftOut} {(Rules.LeftOut == 1 ? "rule is" : "rules are")} for other products (logsource.product is not 1password) and " +
            $"left out");

    /// <summary>How late an event may arrive where the source does not say it.</summary>
    public static readonly TimeSpan DefaultLateness = TimeSpan.FromDays(2);

    /// <summary>How late an event may arrive and still be counted where it belongs: as late as a source reads it again.</summary>
    public TimeSpan Lateness { get; init; } = DefaultLateness;

    /// <summary>What says which times are still to come.</summary>
    public TimeProvider Clock { get; init; } = EndOfTimeClock.Instance;

    /// <summary>The entries of the watch lists that a rule, or one that it rests on, asks for, by the names of the lists.</summary>
    public IEnumerable<KeyValuePair<string, IReadOnlyList<string>>> ListsOf(RuleInfo rule) =>
        Rules.Correlations.FirstOrDefault(each => each.Info.Id == rule.Id) is { } correlation
            ? correlation.Members.SelectMany(member => ListsOf(member.Rule)).DistinctBy(list => list.Key)
            : Rules.Rules.Where(each => each.Info.Id == rule.Id).SelectMany(each => each.Lists);

    public RuleEngine CreateEngine() => CreateEngine(Sentences.WithoutNames);

    /// <param name="sentences">What is said of an event that no run has explained.</param>
    public RuleEngine CreateEngine(Sentences sentences) => new(
        Rules,
        Statuses.Where(status => status.IsActive).Select(status => status.Rule.Id),
        Hours,
        Lateness,
        sentences,
        new BelievedTimes(Clock));

    // The rules that a correlation is made of, in one file with it, are its parts.
    static Inactivity? WhyUnusable(SigmaRules rules, RuleInfo rule, Watchlists lists) =>
        rules.Correlations.FirstOrDefault(
            each => !each.Generate && each.Info.File == rule.File && each.Members.Any(member => member.Rule.Id == rule.Id)) is { } whole
            ? new Inactivity(InactiveBecause.IsPart, $"a part of {whole.Info.Name}")
        : EmptyList(rules, rule) is { } list ? Lacking($"detection.lists.{list}{lists.WhyEmpty(list)}")
        : null;

    static Inactivity NotWanted(string text) => new(InactiveBecause.NotWanted, text);

    static Inactivity Lacking(string text) => new(InactiveBecause.LacksSetting, text);

    static string? EmptyList(SigmaRules rules, RuleInfo rule) =>
        rules.Correlations.FirstOrDefault(each => each.Info.Id == rule.Id) is { } correlation
            ? correlation.Members.Select(member => EmptyList(rules, member.Rule)).FirstOrDefault(list => list is not null)
            : rules.Rules.FirstOrDefault(each => each.Info.Id == rule.Id) is { IsUsable: false } unusable
            ? unusable.EmptyLists[0]
            : null;

    static IReadOnlyCollection<string> Without(SigmaRules rules, RuleInfo rule) =>
        rules.Rules.FirstOrDefault(each => each.Info.Id == rule.Id)?.EmptyLists ?? [];
}
