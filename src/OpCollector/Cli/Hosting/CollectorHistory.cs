using OpCollector.Delivery;
using OpCollector.Report;
using OpCollector.Reporting;
using Serilog.Core;

namespace OpCollector.Cli.Hosting;

/// <summary>What the state of the configuration says of the collector, for a report.</summary>
internal static class CollectorHistory
{
    const int MostItems = 20;

    public static CollectorNotes Read(Host host)
    {
        if (!host.IsConfigured)
        {
            return CollectorNotes.None;
        }

        try
        {
            return !host.State.Exists ? CollectorNotes.None : Summarize(host, host.Status(Logger.None));
        }
        catch (Failure failure)
        {
            // Who makes a report of files may not be the user that cron runs as.
            host.Log.Warning("{Reason:l}. The report goes without the state of the collector", failure.Message.TrimEnd('.'));
            return new CollectorNotes([("state", failure.Message)], 0, []);
        }
    }

    static CollectorNotes Summarize(Host host, CollectorStatus status)
    {
        var quarantine = host.Quarantine;
        var silence = status.Checkpoint?.SilenceReported;
        return new CollectorNotes(
            [
                ("as of", $"{status.Now.UtcDateTime:u}"),
                .. StatusText.Verdict(status, host.Settings.Start).Select(line => ("verdict", line.Trim())),
                .. StatusText.Lines(status, host.State.Location, host.Settings.Start, quarantine.Location),
                .. silence?.Silent is { } silent ? [("silence", $"no event came after {silent}, and this was reported")] : None,
                .. silence?.Unreadable is { } unreadable
                    ? [("silence", $"the source could not be read after {unreadable}, and this was reported")]
                    : None,
            ],
            status.Quarantined,
            [.. quarantine.Items().TakeLast(MostItems).Reverse().Select(Note)]);
    }

    static QuarantineNote Note(QuarantinedItem item) => new(item.When, item.Stream, item.Id, item.Why);

    static readonly (string, string)[] None = [];
}
