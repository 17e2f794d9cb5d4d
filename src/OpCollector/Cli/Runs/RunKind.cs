using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Detection;
using OpCollector.Reporting;
using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Cli.Runs;

/// <summary>What kind of run it is: how long it may take, what it may leave behind, and what it looks for.</summary>
internal abstract class RunKind(Host host) : IDisposable
{
    public Host Host => host;

    /// <summary>Where it keeps what later runs must know.</summary>
    public virtual StateStore State => host.State;

    /// <summary>The checkpoint that it moves.</summary>
    public virtual string CheckpointName => CheckpointFile.Main;

    /// <summary>The name of an unfinished walk through op's log.</summary>
    public virtual string WalkName => StateDirectory.Walk;

    /// <summary>The file of an unfinished walk through op's log.</summary>
    public virtual string WalkPath => host.Walks?.PathOf(WalkName) ?? WalkName;

    /// <summary>How many calls of op, or of each stream of the Events API, it may have under way at once.</summary>
    public virtual int MostCalls => 1;

    /// <summary>What it does about a sign-in or a token that was refused before.</summary>
    public virtual RefusalPolicy Refusals => RefusalPolicy.Pause;

    /// <summary>The groups whose members it has to know.</summary>
    public virtual IReadOnlyList<string> FollowedGroups => [];

    /// <summary>How long it may go on: it takes the time it takes, and each batch has <c>maxRunTime</c> to be delivered.</summary>
    public virtual RunLimits Limits() => RunLimits.Unbounded(host.Settings.MaxRunTime, host.Time);

    /// <summary>What it looks for in events.</summary>
    public abstract DetectionStage Detection(RuleMemoryFile memory);

    /// <summary>Shows, from now on, how far it has come.</summary>
    public virtual RunProgress ShowProgress(ReadCount read)
    {
        var progress = host.Progress();
        progress.Begin(read);
        return progress;
    }

    public virtual void Dispose()
    {
    }
}
