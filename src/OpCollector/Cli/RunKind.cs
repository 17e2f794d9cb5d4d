using OpCollector.Checkpoints;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary>What kind of run it is: how long it may take, what it may leave behind, and what it asks of the source.</summary>
internal sealed record RunKind
{
    /// <summary>A run from cron.</summary>
    public static RunKind Collect(bool findings) => new() { HasDeadline = true, HasFindings = findings };

    /// <summary>
    /// A dry run from where cron is. Somebody waits for the whole of it, and half a log that ends without a word would pass for all of it.
    /// </summary>
    public static RunKind Preview(bool findings) => new() { IsDry = true, HasFindings = findings };

    /// <summary>A look at what happened: all of it is read, shown to no rule, and nothing is kept.</summary>
    public static RunKind Look { get; } = new() { IsDry = true, ReadsEvents = false };

    /// <summary>A check by hand: it tries at once what was refused a while ago, and shows nothing to the rules.</summary>
    public static RunKind Check { get; } = new() { ObeysPause = false, ReadsEvents = false, ShowsProgress = false };

    /// <summary>A backfill, whose walk has a file of its own.</summary>
    /// <param name="name">What it is called by, among other backfills.</param>
    public static RunKind Backfill(string name, bool findings, int parallel) => new()
    {
        Walk = $"backfill-{name}.walk.ndjson",
        Checkpoint = CheckpointFile.OfBackfill(name),
        HasFindings = findings,
        Parallel = parallel,
    };

    /// <summary>
    /// Whether <c>maxRunTime</c> ends it. Without that it takes the time it takes, and each batch has <c>maxRunTime</c> to be delivered.
    /// </summary>
    public bool HasDeadline { get; private init; }

    /// <summary>Whether nothing that it learns is kept.</summary>
    public bool IsDry { get; init; }

    /// <summary>Whether nothing is tried by itself for a while after a refusal.</summary>
    public bool ObeysPause { get; private init; } = true;

    /// <summary>Whether events are read for somebody, so that what is not to be delivered has to be known.</summary>
    public bool ReadsEvents { get; private init; } = true;

    /// <summary>Whether it shows how far it has come; a check prints each answer as it comes.</summary>
    public bool ShowsProgress { get; private init; } = true;

    /// <summary>Whether the rules are shown the events, so that watch lists are needed.</summary>
    public bool HasFindings { get; private init; }

    /// <summary>How many calls of op, or of each stream of the Events API, it may have under way at once.</summary>
    public int Parallel { get; private init; } = 1;

    /// <summary>The checkpoint that it moves.</summary>
    public string Checkpoint { get; private init; } = CheckpointFile.Main;

    /// <summary>Where an unfinished walk through op's log is kept.</summary>
    public string Walk { get; private init; } = StateDirectory.Walk;
}
