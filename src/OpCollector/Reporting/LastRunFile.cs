using System.Text.Json;
using OpCollector.Checkpoints;
using OpCollector.Events;

namespace OpCollector.Reporting;

/// <summary>Keeps <see cref="LastRun"/> in <c>last-run.json</c>.</summary>
internal static class LastRunFile
{
    public static void Write(string path, LastRun run) =>
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(run with { Message = run.Message is null ? null : ForeignText.Line(Redaction.Of(run.Message)) }, ReportingJson.Default.LastRun));

    /// <summary>The last run; null when there was none, or when its file tells nothing: it is only a report.</summary>
    public static LastRun? Read(string path)
    {
        try
        {
            return DurableFile.Read(path) is { } bytes ? SafeJson.Read(bytes, ReportingJson.Default.LastRun) : null;
        }
        catch (NoJsonException)
        {
            return null;
        }
    }
}
