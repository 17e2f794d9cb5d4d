using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Reporting;
using OpCollector.Sources;

namespace OpCollector.Flow;

/// <summary>
/// Tells at the end of a run that the account has fallen silent, or that its source cannot be read: once, and once when it is over. It has
/// a batch of its own, behind all events.
/// </summary>
internal sealed class SilenceAlarm(SilenceSettings settings, DetectionStage detection, TimeProvider time)
{
    /// <summary>Delivers the alarm, where there is one to tell, and remembers it.</summary>
    /// <param name="reading">How far this run has read the source.</param>
    /// <param name="before">The report of the run before this one; null in the very first one, which has waited for nothing yet.</param>
    /// <param name="ending">What time there is for it: that of the run may be over.</param>
    /// <exception cref="Failure">It could not be delivered; the next run tells it.</exception>
    public async Task RaiseAsync(ReadingState reading, LastRun? before, Destination to, RunCounts counts, RunLimits ending)
    {
        if (to.Checkpoints.Read() is not { } checkpoint)
        {
            return;
        }

        var now = time.GetUtcNow();
        // Where no event ever came, and no run ever read the source to its end, both are missing since the first run.
        var first = before?.Totals?.Since;
        var (findings, told) = Silence.Judge(
            settings,
            checkpoint.SilenceReported,
            checkpoint.Position.LastEvent(now) ?? (first is { } since ? (null, since) : null),
            reading,
            before?.LastFullRead ?? first,
            now);
        if (told == checkpoint.SilenceReported)
        {
            return;
        }

        ActivityEvent[] alarms = [.. findings.Where(finding => detection.Reports(finding.Rule)).Select(finding => finding.AsEvent())];
        await to.DeliverAlarmsAsync(alarms, checkpoint with { SilenceReported = told }, new NothingToRemember(), counts, ending);
    }
}
