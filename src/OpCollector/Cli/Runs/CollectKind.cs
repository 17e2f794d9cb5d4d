using OpCollector.Cli.Hosting;
using OpCollector.Detection;

namespace OpCollector.Cli.Runs;

/// <summary>A run from cron: <c>maxRunTime</c> ends it, and it makes findings where they are delivered.</summary>
internal sealed class CollectKind(Host host) : RunKind(host)
{
    bool HasFindings => Host.Settings.Detection.IsDelivered;

    public override IReadOnlyList<string> FollowedGroups => HasFindings ? Host.Settings.Detection.Groups : [];

    public override RunLimits Limits() => RunLimits.Within(Host.Settings.MaxRunTime, Host.Time);

    public override DetectionStage Detection(RuleMemoryFile memory) => HasFindings
        ? new ConfiguredRules(Host).CreateRuleStage(memory)
        : new ConfiguredRules(Host).CreateDropStage(memory);
}
