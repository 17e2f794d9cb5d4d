using OpCollector.Cli.Hosting;

namespace OpCollector.Cli.Runs;

/// <summary>A run from cron: <c>maxRunTime</c> ends it, and it makes findings where they are delivered.</summary>
internal sealed class CollectKind(Host host) : RunKind(host)
{
    public override RunScope Scope => new(Host.Settings.Detection.IsDelivered ? RulesOfRun.All : RulesOfRun.DropOnly);

    public override RunLimits Limits() => RunLimits.Within(Host.Settings.MaxRunTime, Host.Time);
}
