using OpCollector.Reporting;
using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Cli.Runs;

/// <summary>
/// A run of another kind that leaves nothing behind. It has no time limit: somebody waits for the whole output, and would take half of it
/// for all.
/// </summary>
internal sealed class DryKind(RunKind wet) : RunKind(wet.Host)
{
    readonly TemporaryDirectory _temporary = new();

    public override RunScope Scope => wet.Scope;

    public override StateStore State { get; } = new DryState(wet.State);

    public override string WalkPath => _temporary.Walk;

    public override RunProgress ShowProgress(ReadCount read)
    {
        var progress = Host.PreviewProgress();
        progress.Begin(read);
        return progress;
    }

    public override void Dispose()
    {
        wet.Dispose();
        _temporary.Dispose();
        base.Dispose();
    }
}
