using OpCollector.Detection;
using OpCollector.Reporting;
using OpCollector.Sources;

namespace OpCollector.Flow;

/// <summary>
/// Reports at the end of a run which expected events did not come, where no later event shows that the time is over. The findings go in a
/// batch of their own, behind all events.
/// </summary>
internal sealed class OverdueAlarm(DetectionStage detection, TimeProvider time)
{
    /// <summary>Delivers the findings, where there are any, and remembers that they were delivered.</summary>
    /// <param name="ending">What time there is for it: that of the run may be over.</param>
    /// <exception cref="Failure">They could not be delivered; the next run tells them.</exception>
    public async Task RaiseAsync(Destination to, RunCounts counts, RunLimits ending)
    {
        if (to.Checkpoints.Read() is not { } checkpoint)
        {
            return;
        }

        var (findings, remembered) = detection.Overdue(checkpoint.Memory, checkpoint.Correlations, time.GetUtcNow());
        if (remembered.Bytes.Length > 0)
        {
            var memory = new FindingsMemory(detection, remembered);
            await to.DeliverAlarmsAsync(findings, checkpoint with { Memory = remembered.Mark }, memory, counts, ending);
        }
    }

    /// <summary>What the rules have to remember of findings that were delivered.</summary>
    sealed class FindingsMemory(DetectionStage detection, MemoryChange change) : PageMemory
    {
        public override void Write() => detection.Remember(change);
    }
}
