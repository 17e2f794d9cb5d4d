using System.Globalization;
using OpCollector.Sources;

namespace OpCollector.Reporting;

/// <summary>How a collector is doing, for a person, and in one line for a monitor.</summary>
internal static class StatusText
{
    /// <summary>What is shown, line by line: a name, and its value.</summary>
    /// <param name="start">Where the very first run would begin.</param>
    /// <param name="quarantine">The path of the quarantine.</param>
    public static IEnumerable<(string What, string Text)> Lines(CollectorStatus status, Start start, string quarantine) =>
        [.. OfRuns(status), .. OfState(status, start, quarantine)];

    static IEnumerable<(string What, string Text)> OfRuns(CollectorStatus status)
    {
        var (now, last) = (status.Now, status.LastRun);
        yield return ("last run", last is null
            ? "none yet"
            : $"{last.Ended:u} ({Age(last.Ended.Ago(now))} ago, in {Age(last.Ended - last.Started)}), exit code {last.ExitCode} " +
                $"({Words(last)}), {last.Delivered} " +
                $"events{(last.Findings == 0 ? "" : $" and {last.Findings} findings")}{(last.Message is null ? "" : $": {last.Message}")}");
        if (last is not null && last.LastGood != last.Ended)
        {
            yield return ("last good run", last.LastGood is { } good ? $"{good:u} ({Age(good.Ago(now))} ago)" : "none yet");
        }

        if (last?.Totals is { } totals)
        {
            yield return (
                "delivered",
                $"{totals.Events} events and {totals.Findings} findings in {totals.Runs.Values.Sum()} runs since {totals.Since:u}");
            yield return ("findings", $"{last.FoundSince(now)} in the last day");
            if (totals.Dropped > 0)
            {
                yield return ("dropped", $"{last.Dropped} events in the last run and {totals.Dropped} in all, by sink.drop");
            }
        }
    }

    static IEnumerable<(string What, string Text)> OfState(CollectorStatus status, Start start, string quarantine)
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
                $"under way: {bytes / 1e6:0.0} MB, the last page {Age(changed.Ago(now))} ago; the next run goes on"));
        }

        foreach (var (file, position) in status.Backfills)
        {
            yield return ("backfill", $"unfinished: {position} ({file}); the same command goes on");
        }

        yield return ("position", status.Checkpoint is null
            ? $"none yet; the first run begins at start ({start.Text})"
            : $"{status.Checkpoint.Position.Text}" +
                $"{(status.CheckpointWritten is { } written ? $", written {Age(written.Ago(now))} ago" : "")}");
        yield return ("age", status.Lag is { } lag ? $"the last event is {Age(lag)} old" : "unknown");
    }

    /// <summary>The one line that Nagios and its kin show.</summary>
    public static string Line(CollectorStatus status, TimeSpan maxAge)
    {
        var last = status.LastRun;
        var good = last?.LastGood is { } ended
            ? $"the last good run ended {Age(ended.Ago(status.Now))} ago ({ended:u})"
            : "no run has ended well yet";
        var failed = last is null || last.LastGood == last.Ended
            ? ""
            : $"; the last one ended with {last.ExitCode} ({Words(last)}){(last.Message is null ? "" : $": {last.Message}")}";
        var quarantined = status.Quarantined == 0 ? "the quarantine is empty" : $"{Items(status)} in the quarantine";
        return $"OPCOLLECTOR {(status.IsOlderThan(maxAge) ? "WARNING" : "OK")} - {good}{failed}; {quarantined}";
    }

    /// <summary>One line for a collector of many.</summary>
    public static string Line(NamedStatus named)
    {
        var (_, status, holder) = named;
        var last = status.LastRun is { } run
            ? $"last run {Age(run.Ended.Ago(status.Now))} ago ({run.ExitCode}, {Words(run)})"
            : "no run yet";
        var position = status.Damage is { } damage ? damage.Message
            : status.Lag is { } lag ? $"the last event is {Age(lag)} old"
            : status.Checkpoint is null ? "no position yet" : "the age of the last event is unknown";
        var quarantined = status.Quarantined == 0 ? "quarantine empty" : $"{Items(status)} in quarantine";
        return $"{last}; {position}; {quarantined}{(holder is null ? "" : $"; at work on {holder.Text} since {holder.Since:u}")}";
    }

    static string Items(CollectorStatus status) => status.Quarantined == 1 ? "1 item" : $"{status.Quarantined} items";

    static string Words(LastRun run) => ExitCodes.Words((ExitCode)run.ExitCode);

    static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
    };
}
