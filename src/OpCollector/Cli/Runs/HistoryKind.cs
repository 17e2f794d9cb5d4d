using OpCollector.Cli.Hosting;
using OpCollector.Detection;
using OpCollector.Names;

namespace OpCollector.Cli.Runs;

/// <summary>A look at what happened: all of it is read, and shown to no rule.</summary>
internal sealed class HistoryKind(Host host) : RunKind(host)
{
    public override DetectionStage Detection(NamingStage naming, RuleMemoryFile memory) => new(rules: null, leftBehind: [], memory);
}
