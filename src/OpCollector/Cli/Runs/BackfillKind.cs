using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Detection;

namespace OpCollector.Cli.Runs;

/// <summary>A backfill, whose checkpoint and walk have files of their own.</summary>
/// <param name="name">What it is called by, among other backfills.</param>
/// <param name="findings">Whether the rules are shown its events.</param>
internal sealed class BackfillKind(Host host, string name, bool findings, int parallel) : RunKind(host)
{
    public override string CheckpointName => CheckpointFile.BackfillName(name);

    public override string WalkName => $"backfill-{name}.walk.ndjson";

    public override int MostCalls => parallel;

    public override IReadOnlyList<string> FollowedGroups => findings ? Host.Settings.Detection.Groups : [];

    public override DetectionStage Detection(RuleMemoryFile memory) => findings
        ? new ConfiguredRules(Host).CreateRuleStage(memory)
        : new ConfiguredRules(Host).CreateDropStage(memory);
}
