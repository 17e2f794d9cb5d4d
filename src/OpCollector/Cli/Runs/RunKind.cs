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

    public abstract RunScope Scope { get; }

    /// <summary>Where it keeps what later runs must know.</summary>
    public virtual StateStore State => host.State;

    /// <summary>The file of an unfinished walk through op's log.</summary>
    public virtual string WalkPath => host.Walks?.PathOf(Scope.WalkName) ?? Scope.WalkName;

    /// <summary>The groups whose members it has to know.</summary>
    public IReadOnlyList<string> FollowedGroups => UsesLists ? host.Settings.Detection.Groups : [];

    /// <summary>How long it may go on: it takes the time it takes, and each batch has <c>maxRunTime</c> to be delivered.</summary>
    public virtual RunLimits Limits() => RunLimits.Unbounded(host.Settings.MaxRunTime, host.Time);

    /// <summary>What it looks for in events.</summary>
    public DetectionStage Detection(RuleMemoryFile memory) => Scope.Rules switch
    {
        RulesOfRun.All => new ConfiguredRules(host).CreateRuleStage(memory),
        RulesOfRun.DropOnly => new ConfiguredRules(host).CreateDropStage(memory),
        _ => new DropStage(EventFilter.DeliverAll(), memory),
    };

    /// <summary>Shows, from now on, how far it has come.</summary>
    public virtual RunProgress ShowProgress(ReadCount read)
    {
        var progress = host.Progress();
        progress.Begin(read);
        return progress;
    }

    bool UsesLists => Scope.Rules == RulesOfRun.All || (Scope.Rules == RulesOfRun.DropOnly && !host.Settings.Sink.Drop.IsEmpty);

    public virtual void Dispose()
    {
    }
}
