using System.Text.Json;
using OpCollector.Checkpoints;

namespace OpCollector.Reporting;

/// <summary>Keeps <see cref="LastRun"/> in <c>last-run.json</c>.</summary>
internal static class LastRunFile
{
    public static void Write(string path, LastRun run) =>
        DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(run, ReportingJson.Default.LastRun));

    /// <summary>The last run; null when there was none, or when its file tells nothing: it is only a report.</summary>
    public static LastRun? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ReportingJson.Default.LastRun);
        }
        catch (Exception ex) when (ex is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw new Failure(ExitCode.Configuration, $"{path}: cannot be read: {ex.Message} Run as the user that cron runs as", ex);
        }
    }
}
