using System.Globalization;
using OpCollector.Sources;

namespace OpCollector.Reporting;

/// <summary>How a collector is doing, for a person, and in one line for a monitor.</summary>
internal static class StatusText
{
    /// <summary>How the last run went, and what it said where it failed: the first lines, which may be all that anybody reads.</summary>
    /// <param name="start">Where the very first run would begin.</param>
    public static IEnumerable<string> Verdict(CollectorStatus status, StartingPoint start)
    {
        var (now, last) = (status.Now, status.LastRun);
        if (last is null)
        {
            yield return status.Checkpoint is null
                ? $"– No run yet. The first run begins at start ({start.Text})."
                : "– No report of a run yet.";
            yield break;
        }

        var ended = $"the last run ended {Age(last.Ended.Ago(now))} ago ({last.Ended:u}), after {Age(last.Ended - last.Started)}, " +
            $"with exit code {last.ExitCode} ({Describe(last)})";
        var before = last.LastGood is { } good ? $"the last good run ended {Age(good.Ago(now))} ago" : "no run was good yet";
        yield return (ExitCode)last.ExitCode switch
        {
            var code when ExitCodes.IsGood(code) => $"✓ OK: {ended}",
            var code when ExitCodes.IsSignal(code) => $"– ENDED: {ended}; {before}",
            _ => $"✗ FAILED: {ended}; {before}",
        };
        if (last.Message is { } message)
        {
            yield return $"  {message}";
        }
    }

    /// <summary>The other lines: a label and its text.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="start">Where the very first run would begin.</param>
    /// <param name="quarantine">The path of the quarantine.</param>
    public static IEnumerable<(string What, string Text)> Lines(
        CollectorStatus status, string directory, StartingPoint start, string quarantine) =>
        [("state", directory), .. StateLines(status, start), .. RunLines(status), .. Unfinished(status, quarantine)];

    static IEnumerable<(string What, string Text)> RunLines(CollectorStatus status)
    {
        if (status.LastRun is not { } last)
        {
            yield break;
        }

        yield return ("last run", string.Create(
            CultureInfo.InvariantCulture, $"{Quantity.Format(last.Delivered, "event")} and {Quantity.Format(last.Findings, "finding")}"));
        if (last.Totals is { } totals)
        {
            yield return ("delivered", string.Create(
                CultureInfo.InvariantCulture,
                $"{Quantity.Format(totals.Events, "event")} and {Quantity.Format(totals.Findings, "finding")} in " +
                    $"{Quantity.Format(totals.Runs.Values.Sum(), "run")} since {totals.Since.UtcDateTime:u}"));
            yield return (
                "findings",
                string.Create(CultureInfo.InvariantCulture, $"{last.FoundSince(status.Now):N0} in the last 24 hours"));
            if (totals.Dropped > 0)
            {
                yield return (
                    "dropped",
                    $"{Quantity.Format(last.Dropped, "event")} in the last run and {Quantity.Format(totals.Dropped, "event")} in all, by sink.drop");
            }
        }
    }

    static IEnumerable<(string What, string Text)> StateLines(CollectorStatus status, StartingPoint start)
    {
        var now = status.Now;
        if (status.Checkpoint is { } checkpoint)
        {
            yield return ("source", checkpoint.Position.SourceText);
        }

        // The failure that the command ends with says what is wrong with a damaged checkpoint.
        if (status.Damage is not null)
        {
            yield break;
        }

        yield return ("position", status.Checkpoint is null
            ? $"none yet; the first run begins at start ({start.Text})"
            : $"{status.Checkpoint.Position.Text}" +
                $"{(status.CheckpointWritten is { } written ? $", written {Age(written.Ago(now))} ago" : "")}");
        yield return ("age", status.Lag is { } lag ? $"the last event is {Age(lag)} old" : "unknown");
    }

    static IEnumerable<(string What, string Text)> Unfinished(CollectorStatus status, string quarantine)
    {
        var now = status.Now;
        yield return ("quarantine", status.Quarantined == 0
            ? "empty"
            : $"{Items(status)} in {quarantine}"
                + (status.OldestQuarantined is { } oldest ? $", the oldest {Age(oldest.Ago(now))} old" : ""));
        if (status.Walk is var (bytes, changed))
        {
            yield return ("walk", string.Create(
                CultureInfo.InvariantCulture,
                $"unfinished: {bytes / 1e6:0.0} MB, the last page {Age(changed.Ago(now))} ago; the next run goes on"));
        }

        foreach (var (file, position) in status.Backfills)
        {
            yield return ("backfill", $"unfinished: {position} ({file}); the same command goes on");
        }
    }

    /// <summary>The one line that Nagios and monitors like it show.</summary>
    /// <param name="directory">The state directory.</param>
    public static string Line(CollectorStatus status, string directory, TimeSpan maxAge)
    {
        var last = status.LastRun;
        var good = last?.LastGood is { } ended
            ? $"the last good run ended {Age(ended.Ago(status.Now))} ago ({ended:u})"
            : $"no run has ended well yet in {directory}";
        var failed = last is null || last.LastGood == last.Ended
            ? ""
            : $"; the last one ended with {last.ExitCode} ({Describe(last)}){(last.Message is null ? "" : $": {last.Message}")}";
        var quarantined = status.Quarantined == 0 ? "the quarantine is empty" : $"{Items(status)} in the quarantine";
        var damaged = status.Damage is { } damage ? $"{damage.Message}; " : "";
        return $"OPCOLLECTOR {Word(status, maxAge)} - {damaged}{good}{failed}; {quarantined}";
    }

    /// <summary>The word by which a monitor and a person know how it is.</summary>
    public static string Word(CollectorStatus status, TimeSpan maxAge) =>
        status.Damage is not null ? "CRITICAL" : status.IsOlderThan(maxAge) ? "WARNING" : "OK";

    /// <summary>One line for a collector of many.</summary>
    public static string Line(NamedStatus named)
    {
        var (_, status, holder) = named;
        var last = status.LastRun is { } run
            ? $"last run {Age(run.Ended.Ago(status.Now))} ago ({run.ExitCode}, {Describe(run)})"
            : "no run yet";
        var position = status.Damage is { } damage ? damage.Message
            : status.Lag is { } lag ? $"the last event is {Age(lag)} old"
            : status.Checkpoint is null ? "no position yet" : "the age of the last event is unknown";
        var quarantined = status.Quarantined == 0 ? "quarantine empty" : $"{Items(status)} in quarantine";
        return $"{last}; {position}; {quarantined}{(holder is null ? "" : $"; at work on {holder.Text} since {holder.Since:u}")}";
    }

    static string Items(CollectorStatus status) => Quantity.Format(status.Quarantined, "item");

    static string Describe(LastRun run) => ExitCodes.Describe((ExitCode)run.ExitCode);

    static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
    };
}
