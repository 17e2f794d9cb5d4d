using System.Text.Json.Serialization;

namespace OpCollector.Reporting;

/// <summary>How the last run went, for <c>opcollector status</c>: times, exit code, counts.</summary>
/// <param name="Message">The one line of a run that failed.</param>
/// <param name="LastFullRead">When a run last read the source to its end.</param>
/// <param name="RulesTold">When a run last reported to cron what is wrong with watch lists.</param>
/// <param name="LastGood">When a run last ended with 0 or 2.</param>
/// <param name="Found">The runs of the last day that delivered findings.</param>
/// <param name="Dropped">The events that were not sent, by <c>sink.drop</c>.</param>
/// <param name="QuarantineTold">When a run last reported to cron that the quarantine is not empty.</param>
internal sealed record LastRun(
    DateTimeOffset Started,
    DateTimeOffset Ended,
    int ExitCode,
    int Delivered,
    int Batches,
    int Quarantined,
    string? Message,
    DateTimeOffset? QuarantineTold,
    int Findings = 0,
    DateTimeOffset? RulesTold = null,
    DateTimeOffset? LastFullRead = null,
    DateTimeOffset? LastGood = null,
    RunTotals? Totals = null,
    IReadOnlyList<FindingsAt>? Found = null,
    int Dropped = 0)
{
    const int MostCounted = 1_000_000_000;
    const int MostKept = 10_000;

    static readonly TimeSpan FoundFor = TimeSpan.FromDays(1);

    /// <summary>Whether it holds what a run can have reported.</summary>
    public bool IsSound => new[] { Delivered, Batches, Quarantined, Findings, Dropped }.Min() >= 0
        && (Found ?? []).All(each => each is { Findings: >= 0 and < MostCounted })
        && Totals is null or { IsSound: true };

    /// <summary>A copy without times that a clock that was ahead has left: they would hold until then.</summary>
    public LastRun BelievedAt(DateTimeOffset now) => this with
    {
        QuarantineTold = QuarantineTold.UnlessToCome(now),
        RulesTold = RulesTold.UnlessToCome(now),
        LastFullRead = LastFullRead.UnlessToCome(now),
        LastGood = LastGood.UnlessToCome(now),
        Found = Found is null ? null : [.. Found.Where(each => each.Ended <= now).TakeLast(MostKept)],
    };

    /// <summary>This run as the newest one, with what it keeps of those before it.</summary>
    public LastRun After(LastRun? before, RunCounts counts) => this with
    {
        LastGood = ExitCodes.IsGood((ExitCode)ExitCode) ? Ended : before?.LastGood,
        Totals = (before?.Totals ?? RunTotals.StartingAt(Started)).After((ExitCode)ExitCode, counts),
        Found = [
            .. (before?.Found ?? []).Where(each => Ended - each.Ended < FoundFor),
            .. counts.Findings > 0 ? [new FindingsAt(Ended, counts.Findings)] : Array.Empty<FindingsAt>(),
        ],
    };

    /// <summary>How many findings were delivered in the last day.</summary>
    public long FoundSince(DateTimeOffset now) => (Found ?? []).Where(each => now - each.Ended < FoundFor).Sum(each => (long)each.Findings);
}

/// <summary>How many findings the run that ended then has delivered.</summary>
internal sealed record FindingsAt(DateTimeOffset Ended, int Findings);

/// <summary>The JSON of the reports, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LastRun))]
internal sealed partial class ReportingJson : JsonSerializerContext;
