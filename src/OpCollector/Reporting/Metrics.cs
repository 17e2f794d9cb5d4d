using System.Globalization;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Reporting;

/// <summary>
/// What a monitor wants to know of a collector, as Prometheus reads it
/// (https://prometheus.io/docs/instrumenting/exposition_formats/).
/// </summary>
internal static class Metrics
{
    /// <summary>Pure: the text of the file; a value that is not known yet is left out.</summary>
    public static string Render(CollectorStatus status)
    {
        var text = new StringBuilder();
        Gauge(text, "info", "The version of OpCollector.", ($"{{version=\"{ProductVersion.Text}\"}}", 1));
        if (status.LastRun is { } last)
        {
            WriteLastRun(text, last);
        }

        if (status.LastRun?.Totals is { } totals)
        {
            WriteTotals(text, totals);
        }

        WriteState(text, status);
        return text.ToString();
    }

    static void WriteLastRun(StringBuilder text, LastRun last)
    {
        Gauge(text, "last_run_start_timestamp_seconds", "When the last run of collect began.", ("", Seconds(last.Started)));
        Gauge(text, "last_run_timestamp_seconds", "When the last run of collect ended.", ("", Seconds(last.Ended)));
        Gauge(
            text,
            "last_run_duration_seconds",
            "How long the last run of collect took.",
            ("", Math.Round((last.Ended - last.Started).TotalSeconds, 3)));
        Gauge(text, "last_run_exit_code", "How the last run of collect ended; 0 is well.", ("", last.ExitCode));
        Gauge(text, "last_success_timestamp_seconds", "When a run of collect last ended with 0 or 2.", [.. Known("", last.LastGood)]);
    }

    static void WriteTotals(StringBuilder text, RunTotals totals)
    {
        Counter(
            text,
            "runs_total",
            "Runs of collect that ended, by exit code.",
            [.. totals.Runs.Select(runs => ($"{{exit_code=\"{runs.Key}\"}}", (double)runs.Value))]);
        Counter(text, "events_delivered_total", "Events that the sink has.", ("", totals.Events));
        Counter(text, "findings_delivered_total", "Findings that the sink has.", ("", totals.Findings));
        Counter(text, "batches_delivered_total", "Pages of events that are done with.", ("", totals.Batches));
        Counter(text, "quarantined_total", "Items that were put into the quarantine.", ("", totals.Quarantined));
        Counter(text, "events_dropped_total", "Events that were not sent, by sink.drop.", ("", totals.Dropped));
    }

    static void WriteState(StringBuilder text, CollectorStatus status)
    {
        Gauge(text, "last_event_timestamp_seconds", "When the newest event happened that the sink has.", status.Checkpoint?.Position switch
        {
            null => [],
            { LastEventTimes: { Count: > 0 } streams } => [.. streams.SelectMany(each => Known(Stream(each.Stream), each.LastEventTime))],
            var log => [.. Known(Stream(Streams.Audit), log.LastEventTime)],
        });
        Gauge(text, "quarantine_items", "Items in the quarantine.", ("", status.Quarantined));
        Gauge(
            text,
            "quarantine_oldest_timestamp_seconds",
            "When the oldest of them was put there.",
            [.. Known("", status.OldestQuarantined)]);
        Gauge(text, "walk_bytes", "The size of an unfinished walk through the log; 0 where there is none.", ("", status.Walk?.Bytes ?? 0));
        Gauge(text, "backfills_unfinished", "Backfills that are at work or were interrupted.", ("", status.Backfills.Count));
    }

    static void Gauge(StringBuilder text, string name, string help, params (string Labels, double Value)[] samples) =>
        Write(text, name, "gauge", help, samples);

    static void Counter(StringBuilder text, string name, string help, params (string Labels, double Value)[] samples) =>
        Write(text, name, "counter", help, samples);

    static void Write(StringBuilder text, string name, string type, string help, (string Labels, double Value)[] samples)
    {
        if (samples.Length == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"# HELP opcollector_{name} {help}\n# TYPE opcollector_{name} {type}\n");
        foreach (var (labels, value) in samples)
        {
            text.Append(CultureInfo.InvariantCulture, $"opcollector_{name}{labels} {value:0.###}\n");
        }
    }

    static IEnumerable<(string Labels, double Value)> Known(string labels, DateTimeOffset? time) =>
        time is { } known ? [(labels, Seconds(known))] : [];

    static string Stream(string name) => $"{{stream=\"{name}\"}}";

    static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}
