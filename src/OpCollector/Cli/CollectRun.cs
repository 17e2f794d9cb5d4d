using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Reporting;
using OpCollector.Sources;

namespace OpCollector.Cli;

/// <summary>One run of <c>collect</c>: the flow, then what is to be told at its end, and a report of it whatever happened.</summary>
/// <param name="before">The report of the run before; null where there is none.</param>
internal sealed class CollectRun(Host host, LastRun? before)
{
    static readonly TimeSpan TellAgain = TimeSpan.FromDays(1);
    static readonly TimeSpan PatienceForSilence = TimeSpan.FromSeconds(30);

    readonly DateTimeOffset _started = host.Time.GetUtcNow();
    Collector? _collector;
    ExitCode _code = ExitCode.Bug;
    string? _message;
    DateTimeOffset? _quarantineTold = before?.QuarantineTold;
    DateTimeOffset? _rulesTold = before?.RulesTold;

    /// <summary>How the run went, as far as it came.</summary>
    public LastRun Report
    {
        get
        {
            var (counts, ended) = (Counts, host.Time.GetUtcNow());
            var lastFullRead = _collector?.Reading == Reading.Complete ? ended : before?.LastFullRead;
            return new LastRun(_started, ended, (int)_code, counts.Events, counts.Batches, counts.Quarantined, _message, _quarantineTold, counts.Findings, _rulesTold, lastFullRead)
                .After(before, counts);
        }
    }

    RunCounts Counts => _collector?.Counts ?? new RunCounts();

    /// <summary>Does the work.</summary>
    /// <exception cref="Failure">What ended it.</exception>
    public async Task<ExitCode> ToEndAsync(bool quarantineRejected)
    {
        try
        {
            return _code = await CollectAsync(quarantineRejected);
        }
        catch (Failure failure)
        {
            (_code, _message) = (failure.Code, failure.Message);
            TellOfQuarantine(host.Quarantine);
            throw;
        }
    }

    async Task<ExitCode> CollectAsync(bool quarantineRejected)
    {
        var settings = host.Settings;
        using var limits = RunLimits.Within(settings.MaxRunTime, host.Time).ObeySignals();
        using var sink = host.Sink();
        await using var source = host.Source(host.Walk, host.State);
        var naming = host.Naming(source, host.State, settings.Detection.IsDelivered);
        var watch = host.Watch(naming, settings.Detection.IsDelivered);
        await using var progress = host.Progress();
        var collector = _collector = new Collector(source, naming, watch, limits, host.Time, host.Log) { Progress = progress };
        var (checkpoints, quarantine) = (host.Checkpoints, host.Quarantine);
        ExitCode code;
        try
        {
            code = await Run.ToEndAsync(
                async () => await collector.CollectAsync(await collector.StartAsync(settings.Start, checkpoints), checkpoints, sink, quarantine, quarantineRejected: quarantineRejected),
                collector,
                source,
                limits,
                host.Log);
        }
        catch (Failure) when (collector.Reading == Reading.Waiting)
        {
            await TellOfSilenceAsync(collector, checkpoints, sink, quarantine);
            throw;
        }

        // A run that was told to stop has more to read, unless it has waited for the source all the time.
        if (collector.Reading == Reading.Complete || (collector.Reading == Reading.Waiting && code == ExitCode.HeldUp))
        {
            await TellOfSilenceAsync(collector, checkpoints, sink, quarantine);
        }

        WarnOfRules(watch);
        var told = TellOfQuarantine(quarantine);
        Run.Summarize(collector.Counts, sink.Name, host.Time.GetUtcNow() - _started, host.Log);
        return told && code == ExitCode.Done ? ExitCode.Quarantined : code;
    }

    // A receiver that does not take it is told again by the next run; what ended a failed run is the graver news.
    async Task TellOfSilenceAsync(Collector collector, CheckpointFile checkpoints, Sink sink, Quarantine quarantine)
    {
        if (!host.Settings.Detection.IsDelivered)
        {
            return;
        }

        using var ending = RunLimits.Within(PatienceForSilence, host.Time);
        try
        {
            await collector.TellOfSilenceAsync(host.Settings.Silence, before?.LastFullRead, checkpoints, sink, quarantine, ending);
        }
        catch (OperationCanceledException) when (ending.Stop.IsCancellationRequested)
        {
            host.Log.Warning("The alarm for silence could not be delivered in time; the next run tells it");
        }
        catch (Failure failure) when (collector.Reading == Reading.Waiting)
        {
            host.Log.Warning("The alarm for silence could not be delivered: {Reason:l}", failure.Message);
        }
    }

    // Once a day, like the quarantine: an entry of a watch list that is nobody makes rules blind to somebody.
    void WarnOfRules(Watch watch)
    {
        var now = host.Time.GetUtcNow();
        if (watch.Warnings.Count > 0 && !(now - _rulesTold < TellAgain))
        {
            Run.Warn(watch, host.Log);
            _rulesTold = now;
        }
    }

    /// <summary>Once a day, so that it is neither forgotten nor a mail every five minutes. Moving the file away says "seen".</summary>
    /// <returns>Whether there was something to tell.</returns>
    bool TellOfQuarantine(Quarantine quarantine)
    {
        var now = host.Time.GetUtcNow();
        if (Counts.Quarantined == 0 && (now - _quarantineTold < TellAgain || quarantine.IsEmpty))
        {
            return false;
        }

        host.Log.Warning(
            Counts.Quarantined > 0
                ? "{Count} items could not be delivered and lie in {Path:l} with the reason; opcollector replay sends them again, and moving the file away says that you have seen it"
                : "{Count} items still lie in {Path:l}; opcollector replay sends them again, and moving the file away says that you have seen it",
            Counts.Quarantined > 0 ? Counts.Quarantined : quarantine.Sum().Count,
            quarantine.FullPath);
        _quarantineTold = now;
        return true;
    }
}
