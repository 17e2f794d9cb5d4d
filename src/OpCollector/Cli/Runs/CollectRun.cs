using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Flow;
using OpCollector.Reporting;
using OpCollector.Sources;
using Serilog.Core;

namespace OpCollector.Cli.Runs;

// In this order: the events after the checkpoint are delivered; where that came to its end, alarms about what did not happen are delivered
// behind them; once a day cron gets a line about watch lists that match nobody and about the quarantine; and always, whatever has ended the
// run, the report for status and the metrics are written.
/// <summary>One run of <c>collect</c>: the flow, then what is to be reported at its end, and a report of it whatever happened.</summary>
internal sealed class CollectRun
{
    static readonly TimeSpan TellAgain = TimeSpan.FromDays(1);
    static readonly TimeSpan PatienceForAlarms = TimeSpan.FromSeconds(30);

    readonly Host _host;
    readonly LastRun? _before;
    readonly DateTimeOffset _started;
    RunCounts _counts = new();
    DateTimeOffset? _quarantineTold;
    DateTimeOffset? _rulesTold;
    DateTimeOffset? _lastFullRead;

    public CollectRun(Host host)
    {
        // Before a report is written, in whose place something else may be.
        host.RefuseOwnFilesAsOutput();
        _host = host;
        _started = host.Time.GetUtcNow();
        _before = LastRunFile.Read(host.State, _started);
        (_quarantineTold, _rulesTold, _lastFullRead) = (_before?.QuarantineTold, _before?.RulesTold, _before?.LastFullRead);
    }

    /// <summary>Does the work and reports it, however it ends.</summary>
    /// <exception cref="Failure">What ended it before its time.</exception>
    public async Task<ExitCode> RunAsync(TotalRejection totalRejection)
    {
        var (code, message) = (ExitCode.Bug, (string?)null);
        try
        {
            return code = await DeliverAndReportAsync(totalRejection);
        }
        catch (Failure failure)
        {
            (code, message) = (failure.Code, failure.Message);
            WarnOfQuarantine();
            throw;
        }
        finally
        {
            Report(code, message);
        }
    }

    async Task<ExitCode> DeliverAndReportAsync(TotalRejection totalRejection)
    {
        var settings = _host.Settings;
        using var routes = _host.Routes();
        await using var run = SourceRun.Open(new CollectKind(_host));
        // The report counts what the collector has done, also where a failure ends it.
        _counts = run.Collector.Counts;
        var to = run.DestinationFor(routes, _host.Checkpoints, totalRejection);
        var end = await run.ToEndAsync(async collector =>
            await collector.DeliverAllAsync(await collector.StartAsync(settings.Start, to.Checkpoints), to));
        _lastFullRead = end.Reading == ReadingState.AllRead ? _host.Time.GetUtcNow() : _lastFullRead;
        if (end.SaysWhetherTheSourceIsSilent && settings.Detection.IsDelivered)
        {
            await RaiseAlarmsAsync(run, end, to);
        }

        var code = end.CodeOrThrow();
        WarnOfRules(run);
        var isNew = WarnOfQuarantine();
        run.Summarize(routes.Name, _host.Time.GetUtcNow());
        return isNew && code == ExitCode.Done ? ExitCode.Quarantined : code;
    }

    // If the receiver does not take the alarm, the next run sends it again. A failed run reports its failure: that is more severe.
    async Task RaiseAlarmsAsync(SourceRun run, RunEnd end, Destination to)
    {
        using var ending = RunLimits.Within(PatienceForAlarms, _host.Time);
        try
        {
            if (end.Reading == ReadingState.AllRead)
            {
                await run.Overdue.RaiseAsync(to, _counts, ending);
            }

            await run.Silence.RaiseAsync(end.Reading, _before, to, _counts, ending);
        }
        catch (OperationCanceledException) when (ending.Stop.IsCancellationRequested)
        {
            _host.Log.Warning("An alarm of this run's end could not be delivered in time; the next run tells it");
        }
        catch (Failure failure) when (end.Reading == ReadingState.WaitingForSource)
        {
            _host.Log.Warning("An alarm of this run's end could not be delivered: {Reason:l}", failure.Message);
        }
    }

    // Once a day, as for the quarantine: an entry of a watch list that matches nobody makes rules miss a person.
    void WarnOfRules(SourceRun run)
    {
        var now = _host.Time.GetUtcNow();
        if (run.Warnings.Count > 0 && !(now - _rulesTold < TellAgain))
        {
            run.WarnOfRules();
            _rulesTold = now;
        }
    }

    /// <summary>Once a day, so that it is neither forgotten nor a mail every five minutes. Moving the file away says "seen".</summary>
    /// <returns>Whether there was something to tell.</returns>
    bool WarnOfQuarantine()
    {
        var quarantine = _host.Quarantine;
        var now = _host.Time.GetUtcNow();
        if (_counts.Quarantined == 0 && (now - _quarantineTold < TellAgain || quarantine.IsEmpty))
        {
            return false;
        }

        var count = _counts.Quarantined > 0 ? _counts.Quarantined : quarantine.Summarize().Count;
        _host.Log.Warning(
            _counts.Quarantined > 0
                ? "{Items:l} quarantined in {Path:l}. Retry with opcollector replay; {Moving:l} acknowledges"
                : "{Items:l} still quarantined in {Path:l}. Retry with opcollector replay; {Moving:l} acknowledges",
            Quantity.Format(count, "item"),
            quarantine.Location,
            quarantine.HowToAcknowledge);
        _quarantineTold = now;
        return true;
    }

    void Report(ExitCode code, string? message)
    {
        var run = new LastRun(
            Started: _started,
            Ended: _host.Time.GetUtcNow(),
            ExitCode: (int)code,
            Delivered: _counts.Events,
            Batches: _counts.Batches,
            Quarantined: _counts.Quarantined,
            Message: message,
            QuarantineTold: _quarantineTold,
            Findings: _counts.Findings,
            RulesTold: _rulesTold,
            LastFullRead: _lastFullRead,
            Dropped: _counts.Dropped);
        LastRunFile.Write(_host.State, run.After(_before, _counts), _host.Log);
        if (_host.Settings.MetricsFile is { } metrics)
        {
            MetricsFile.Write(metrics, () => _host.Status(Logger.None), _host.Log);
        }
    }
}
