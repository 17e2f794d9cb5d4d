using OpCollector.Cli.Hosting;

namespace OpCollector.Cli.Runs;

/// <summary>A look at what happened: all of it is read, and shown to no rule.</summary>
internal sealed class HistoryKind(Host host) : RunKind(host)
{
    public override RunScope Scope => new(RulesOfRun.None);
}
