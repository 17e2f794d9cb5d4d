using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;

namespace OpCollector.Cli.Runs;

/// <summary>A backfill, whose checkpoint and walk have files of their own.</summary>
internal sealed class BackfillKind(Host host, BackfillRequest request) : RunKind(host)
{
    /// <summary>What it is called by, among other backfills.</summary>
    public string Name { get; } = request.NameFor(host.Fingerprint);

    public BackfillRange Range => request.Range;

    public override RunScope Scope => new(request.Rules)
    {
        CheckpointName = CheckpointFile.BackfillName(Name),
        WalkName = $"backfill-{Name}.walk.ndjson",
        MostCalls = request.MostCalls,
    };
}
