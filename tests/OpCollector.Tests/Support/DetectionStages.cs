using OpCollector.Checkpoints;
using OpCollector.Detection;
using OpCollector.Names;
using OpCollector.Storage;
using Serilog.Core;

namespace OpCollector.Tests.Support;

/// <summary>Detection stages as a run has them that delivers every event.</summary>
internal static class DetectionStages
{
    public static DetectionStage With(InstalledRules rules, StateStore state) => new RuleStage(
        new LoadedRules(rules),
        new KnownNames(state, "op:test", new EnrichmentSettings(TimeSpan.FromHours(6), []), Logger.None),
        EventFilter.DeliverAll(),
        new RuleMemoryFile(state, CheckpointFile.Main));

    public static DetectionStage Nothing(StateStore state) =>
        new DropStage(EventFilter.DeliverAll(), new RuleMemoryFile(state, CheckpointFile.Main));
}
