using System.Text.Json;
using OpCollector.Events;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Reporting;

/// <summary>Keeps <see cref="LastRun"/> in <c>last-run.json</c>.</summary>
internal static class LastRunFile
{
    const string Name = "last-run.json";

    /// <summary>Writes the report; that it could not be written is reported, and no failure of the run.</summary>
    public static void Write(StateStore state, LastRun run, ILogger log)
    {
        try
        {
            state.Replace(
                Name,
                JsonSerializer.SerializeToUtf8Bytes(
                    run with { Message = run.Message is null ? null : ForeignText.Line(Redaction.Redact(run.Message)) },
                    ReportingJson.Default.LastRun));
        }
        catch (Failure failure)
        {
            log.Warning(
                "The report of this run could not be written, so status and metrics tell of the one before: {Reason:l}",
                failure.Message);
        }
    }

    /// <summary>The last run; null when there was none, or when its file tells nothing: it is only a report.</summary>
    public static LastRun? Read(StateStore state, DateTimeOffset now)
    {
        try
        {
            return state.Read(Name, StateStore.Small) is { } bytes
                && SafeJson.Read(bytes, ReportingJson.Default.LastRun) is { IsSound: true } run
                ? run.BelievedAt(now)
                : null;
        }
        catch (Exception ex) when (ex is NoJsonException or Failure)
        {
            return null;
        }
    }
}
