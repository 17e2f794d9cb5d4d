using OpCollector.Cli.Hosting;
using OpCollector.Detection;
using OpCollector.Reporting;
using OpCollector.Sources;

namespace OpCollector.Cli.Runs;

/// <summary>A check by hand: it tries at once what was refused, looks for nothing, and prints each answer as it comes.</summary>
internal sealed class CheckKind(Host host) : RunKind(host)
{
    public override RefusalPolicy Refusals => RefusalPolicy.TryAtOnce;

    public override DetectionStage Detection(RuleMemoryFile memory) => new DropStage(EventFilter.DeliverAll(), memory);

    public override RunProgress ShowProgress(ReadCount read) => Host.Progress();
}
