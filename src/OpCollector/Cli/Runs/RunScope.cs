using OpCollector.Checkpoints;
using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Cli.Runs;

/// <summary>What a run works with, whether it leaves something behind or not.</summary>
/// <param name="Rules">Which rules its events are shown to.</param>
internal sealed record RunScope(RulesOfRun Rules)
{
    /// <summary>The checkpoint that it moves.</summary>
    public string CheckpointName { get; init; } = CheckpointFile.Main;

    /// <summary>The name of an unfinished walk through op's log.</summary>
    public string WalkName { get; init; } = StateDirectory.Walk;

    /// <summary>How many calls of op, or of each stream of the Events API, it may have under way at once.</summary>
    public int MostCalls { get; init; } = 1;

    /// <summary>What it does about a sign-in or a token that was refused before.</summary>
    public RefusalPolicy Refusals { get; init; } = RefusalPolicy.Pause;
}

/// <summary>Which rules a run shows its events to.</summary>
internal enum RulesOfRun
{
    /// <summary>None: each event counts.</summary>
    None,

    /// <summary>Those of <c>sink.drop</c> alone, which say what is not delivered.</summary>
    DropOnly,

    /// <summary>Those, and those that make findings.</summary>
    All,
}
