using System.Globalization;
using OpCollector.Checkpoints;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Flow;
using OpCollector.Names;
using OpCollector.Reporting;
using OpCollector.Sources;
using Serilog;

namespace OpCollector.Cli.Runs;

/// <summary>
/// One run over a source, opened with all it needs and closed in order: <c>collect</c>, <c>backfill</c>, both of them dry,
/// <c>check</c>, and what <c>report</c> and <c>access</c> read.
/// </summary>
internal sealed class SourceRun : IAsyncDisposable
{
    readonly RunKind _kind;
    readonly Host _host;
    readonly ILogger _log;
    readonly DetectionStage _detection;
    readonly RunProgress _progress;

    SourceRun(RunKind kind, Source source, ReadCount read)
    {
        var host = kind.Host;
        var settings = host.Settings;
        (_kind, _host, _log) = (kind, host, host.Log);
        Started = host.Time.GetUtcNow();
        Limits = kind.Limits().ObeySignals();
        Source = source;
        var naming = new NamingStage(new NameBookFile(kind.State, host.Fingerprint), Source.Names, settings.Enrichment, host.Time, host.Log)
        {
            Dialect = settings.Source.Dialect,
            MostCalls = kind.Scope.MostCalls,
            FollowedGroups = kind.FollowedGroups,
        };
        _detection = kind.Detection(new RuleMemoryFile(kind.State, kind.Scope.CheckpointName));
        Silence = new SilenceAlarm(settings.Silence, _detection, host.Time);
        Overdue = new OverdueAlarm(_detection, host.Time);
        _progress = kind.ShowProgress(read);
        Collector = new Collector(Source, naming, _detection, Limits, host.Time, host.Log) { Progress = _progress };
    }

    public DateTimeOffset Started { get; }

    /// <summary>How long it may go on.</summary>
    public RunLimits Limits { get; }

    public Source Source { get; }

    public Collector Collector { get; }

    public SilenceAlarm Silence { get; }

    public OverdueAlarm Overdue { get; }

    /// <summary>What is wrong with watch lists, and what correlations have had to forget.</summary>
    public IReadOnlyList<string> Warnings => _detection.Warnings;

    /// <summary>Opens a run over the source of the configuration.</summary>
    /// <exception cref="Failure">The configuration, or a rule, is wrong (78), or the state cannot be read (74 or 78).</exception>
    public static SourceRun Open(RunKind kind)
    {
        var read = new ReadCount();
        return new SourceRun(kind, RunSource.Open(kind, read), read);
    }

    /// <summary>
    /// Does the work and says how the run ended. A stop is not a failure: what was delivered is safe, and the next run goes on.
    /// </summary>
    public async Task<RunEnd> ToEndAsync(Func<Collector, Task> work)
    {
        try
        {
            await work(Collector);
            return Source.PartialFailure is { } trouble
                ? End(trouble)
                : End(Collector.Counts.Quarantined > 0 ? ExitCode.Quarantined : ExitCode.Done);
        }
        catch (OperationCanceledException stopped) when (Limits.Stop.IsCancellationRequested)
        {
            return Limits.Signal is { } signal ? End(signal)
                : Source.PartialFailure is { } trouble ? End(trouble)
                : AfterDeadline(stopped as SinkHungException);
        }
        catch (Failure failure) when (Limits.Signal is not null && !ExitCodes.IsAboutState(failure.Code))
        {
            // A terminal's Ctrl+C ends op too, and a retry that was cut short says nothing about the receiver: the signal is the reason.
            _log.Information("Stopped by a signal: {Reason:l}", failure.Message);
            return End(Limits.Signal.Value);
        }
        catch (Failure failure)
        {
            return End(Source.PartialFailure is { } trouble
                ? new Failure(ExitCodes.Worst(failure.Code, trouble.Code), $"{failure.Message}. {trouble.Message}", failure)
                : failure);
        }
        finally
        {
            if (Collector.UnreadableTimes.Warning is { } warning)
            {
                _log.Warning("{Warning:l}", warning);
            }
        }
    }

    /// <summary>Where this run delivers to.</summary>
    public Destination DestinationFor(Routes routes, CheckpointFile checkpoints, TotalRejection totalRejection) =>
        new(routes, _host.Quarantine, checkpoints, Limits, _host.Time, totalRejection);

    /// <summary>Says what is wrong with watch lists, and what correlations have had to forget.</summary>
    public void WarnOfRules()
    {
        foreach (var warning in Warnings)
        {
            _log.Warning("{Warning:l}", warning);
        }
    }

    /// <summary>Says what the run has done.</summary>
    /// <param name="sink">Where it has delivered to.</param>
    public void Summarize(string sink, DateTimeOffset now) => _log.Information(
        "{Events:l}{Findings:l} in {Batches:l} to {Sink:l}{LeftBehind:l}{Dropped:l}, {Quarantined} quarantined, in {Seconds:0.0} s",
        Quantity.Format(Collector.Counts.Events, "event"),
        Collector.Counts.Findings == 0 ? "" : $" and {Quantity.Format(Collector.Counts.Findings, "finding")}",
        Quantity.Format(Collector.Counts.Batches, "batch"),
        sink,
        Collector.Counts.LeftBehind == 0 ? "" : $" ({Quantity.Format(Collector.Counts.LeftBehind, "more event")} only seen by the rules)",
        Collector.Counts.Dropped == 0 ? "" : $", {Quantity.Format(Collector.Counts.Dropped, "event")} dropped by sink.drop",
        Collector.Counts.Quarantined,
        (now - Started).TotalSeconds);

    /// <summary>Says what a dry run would have done.</summary>
    public void SummarizePreview() => _log.Information(
        "{Events:l} and {Findings:l} would be delivered. Nothing was sent, nothing changed",
        Quantity.Format(Collector.Counts.Events, "event"),
        Collector.Found.Text);

    public async ValueTask DisposeAsync()
    {
        await _progress.DisposeAsync();
        await Source.DisposeAsync();
        _kind.Dispose();
        Limits.Dispose();
    }

    RunEnd End(ExitCode code) => new(code, null, Collector.Reading);

    RunEnd End(Failure failure) => new(failure.Code, failure, Collector.Reading);

    /// <param name="hung">The sink that the run waited for when its time was over; null where it waited for something else.</param>
    RunEnd AfterDeadline(SinkHungException? hung)
    {
        // A sink that has taken nothing is a failure even where events were read: otherwise it could hang in every run, unnoticed.
        var isHung = hung is not null && !Collector.Counts.HasDelivered;
        if (!isHung && (!Collector.Counts.IsIdle || Source.HasProgressed))
        {
            _log.Information("maxRunTime is over; the next run goes on");
            return End(Collector.Counts.Quarantined > 0 ? ExitCode.Quarantined : ExitCode.Done);
        }

        var why = isHung ? $" (the sink {hung!.Sink} has not answered)" : Source.RetryReason is { } reason ? $" ({reason})" : "";
        return End(new Failure(
            ExitCode.HeldUp, $"maxRunTime was over before anything was delivered{why}; the next run begins there again"));
    }
}

/// <summary>How a run ended.</summary>
/// <param name="Failure">What ended it before its time; null where nothing did.</param>
/// <param name="Reading">How far the source was read.</param>
internal sealed record RunEnd(ExitCode Code, Failure? Failure, ReadingState Reading)
{
    /// <summary>Whether it is known how long the source has shown nothing: the run has read all of it, or could not read it.</summary>
    public bool SaysWhetherTheSourceIsSilent =>
        Reading == ReadingState.AllRead || (Reading == ReadingState.WaitingForSource && (Failure is not null || Code == ExitCode.HeldUp));

    /// <summary>The exit code of a run that nothing ended before its time.</summary>
    /// <exception cref="Messages.Failure">What ended it.</exception>
    public ExitCode CodeOrThrow() => Failure is null ? Code : throw Failure;
}
