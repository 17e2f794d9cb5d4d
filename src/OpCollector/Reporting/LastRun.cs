namespace OpCollector.Reporting;

/// <summary>How the last run went, for <c>opcollector status</c>: times, exit code, counts.</summary>
/// <param name="Message">The one line of a run that failed.</param>
/// <param name="LastFullRead">When a run last read the source to its end.</param>
/// <param name="RulesTold">When cron was last told what is wrong with watch lists.</param>
/// <param name="QuarantineTold">When cron was last told that the quarantine is not empty.</param>
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
    DateTimeOffset? LastFullRead = null);
