using System.Collections.Immutable;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Names;
using Serilog;

namespace OpCollector.Detection;

/// <summary>Where a run gets its rules from, once it has names to look up watch lists in.</summary>
internal abstract class RuleLoader
{
    /// <exception cref="Failure">A rule or a watch list is wrong (78).</exception>
    public abstract InstalledRules Load(NameBook names);
}

/// <summary>Rules that do not depend on names and are there already.</summary>
internal sealed class LoadedRules(InstalledRules rules) : RuleLoader
{
    public override InstalledRules Load(NameBook names) => rules;
}

/// <summary>The built-in rules and those of the configuration.</summary>
/// <param name="lists">The watch lists that the rules ask for.</param>
internal sealed class ConfiguredRuleLoader(DetectionSettings settings, SilenceSettings silence, WatchlistEntries lists, ILogger log)
    : RuleLoader
{
    /// <summary>The files of <c>sink.drop</c>, whose rules use watch lists, too.</summary>
    public ImmutableArray<string> Drop { get; init; } = [];

    /// <summary>How late an event may arrive and still be counted where it belongs: as late as the source reads it again.</summary>
    public TimeSpan Lateness { get; init; } = InstalledRules.DefaultLateness;

    /// <summary>Decides which times are in the future.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Whether the rules depend on names.</summary>
    public bool UsesNames => settings.Lists.Count > 0 || settings.WorkingHours.Count > 0;

    public override InstalledRules Load(NameBook names)
    {
        var found = lists.LookUp(names);
        return Complete(InstalledRules.Load(
            settings, silence, found, settings.Lists.Count > 0 && !Drop.IsEmpty ? DropRules.Read(Drop, found).Lists : ListUse.None));
    }

    /// <summary>The rules as they are used: with the clock and the lateness of the source.</summary>
    public InstalledRules Complete(InstalledRules rules)
    {
        if (rules.LeftOut is { } leftOut)
        {
            log.Debug("{LeftOut:l}", leftOut);
        }

        return rules with { Clock = Clock, Lateness = Lateness };
    }
}
