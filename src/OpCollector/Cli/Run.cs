using System.Globalization;
using OpCollector.Detection;
using OpCollector.Reporting;
using OpCollector.Sources;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Cli;

/// <summary>What all runs have in common: how they end.</summary>
internal static class Run
{
    /// <summary>
    /// Does the work and says what became of it. A stop is no failure: what was delivered is safe, and the next run goes on.
    /// </summary>
    public static async Task<ExitCode> ToEndAsync(Func<Task> work, Collector collector, Source source, RunLimits limits, ILogger log)
    {
        var counts = collector.Counts;
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (limits.Stop.IsCancellationRequested)
        {
            return limits.Signal ?? (source.Trouble is { } trouble ? throw trouble : AfterDeadline(counts, source, log));
        }
        catch (Failure failure) when (limits.Signal is not null && failure.Code is not (ExitCode.Disk or ExitCode.StateNotCreated))
        {
            // A terminal's Ctrl+C ends op too, and a retry that was cut short is no answer: the signal is the reason.
            log.Information("Stopped by a signal: {Reason:l}", failure.Message);
            return limits.Signal.Value;
        }
        catch (Failure failure) when (source.Trouble is { } trouble)
        {
            throw new Failure(ExitCodes.Worst(failure.Code, trouble.Code), $"{failure.Message}. {trouble.Message}", failure);
        }
        finally
        {
            if (collector.UnreadableTimes.Warning is { } warning)
            {
                log.Warning("{Warning:l}", warning);
            }
        }

        return source.Trouble is { } left ? throw left : counts.Quarantined > 0 ? ExitCode.Quarantined : ExitCode.Done;
    }

    /// <summary>
    /// A dry run: what it needs is gone with it, and it takes the time it takes. Somebody waits for the whole of it, and half a
    /// log that ends without a word would pass for all of it.
    /// </summary>
    /// <param name="findings">Whether rules are shown the events.</param>
    /// <param name="parallel">How many calls of op a backfill may have under way at once.</param>
    public static async Task<ExitCode> PreviewAsync(Host host, bool findings, Func<Collector, Source, RunLimits, Task> preview, int? parallel = null)
    {
        using var limits = RunLimits.Unbounded(host.Settings.MaxRunTime, host.Time).ObeySignals();
        using var temporary = new TemporaryDirectory();
        var state = new DryState(host.State);
        await using var source = host.Source(temporary.Walk, state, parallel: parallel);
        var naming = host.Naming(source, state, findings, parallel);
        var watch = host.Watch(naming, findings);
        var collector = new Collector(source, naming, watch, limits, host.Time, host.Log);
        var code = await ToEndAsync(() => preview(collector, source, limits), collector, source, limits, host.Log);
        Warn(watch, host.Log);
        return code;
    }

    public static void Warn(Watch watch, ILogger log)
    {
        foreach (var warning in watch.Warnings)
        {
            log.Warning("{Warning:l}", warning);
        }
    }

    public static void Summarize(RunCounts counts, string sink, TimeSpan elapsed, ILogger log) => log.Information(
        "{Events} events{Findings:l} in {Batches} batches to {Sink:l}, {Quarantined} in quarantine, in {Seconds:0.0} s",
        counts.Events,
        counts.Findings == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" and {counts.Findings} findings"),
        counts.Batches,
        sink,
        counts.Quarantined,
        elapsed.TotalSeconds);

    static ExitCode AfterDeadline(RunCounts counts, Source source, ILogger log)
    {
        if (!counts.IsIdle || source.HasProgressed)
        {
            log.Information("maxRunTime is over; the next run goes on");
            return counts.Quarantined > 0 ? ExitCode.Quarantined : ExitCode.Done;
        }

        log.Warning("maxRunTime was over before anything was delivered{Why:l}; the next run begins there again", source.Delay is { } why ? $" ({why})" : "");
        return ExitCode.HeldUp;
    }
}
