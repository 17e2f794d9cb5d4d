using OpCollector.Cli.Hosting;
using OpCollector.Reporting;
using OpCollector.Sources;

namespace OpCollector.Cli.Runs;

/// <summary>A check by hand: it tries at once what was refused, looks for nothing, and prints each answer as it comes.</summary>
internal sealed class CheckKind(Host host) : RunKind(host)
{
    public override RunScope Scope => new(RulesOfRun.None) { Refusals = RefusalPolicy.TryAtOnce };

    public override RunProgress ShowProgress(ReadCount read) => Host.Progress();
}
