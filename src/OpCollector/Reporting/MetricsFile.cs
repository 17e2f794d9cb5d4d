using System.Text;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Reporting;

/// <summary>The file that the textfile collector of node_exporter reads; it is replaced at once, so that nobody reads half of it.</summary>
internal static class MetricsFile
{
    // node_exporter runs as somebody else.
    const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Refuses a path that is not a regular file: to replace it would remove a device, or what others reach by a link.</summary>
    public static void RefuseOther(string path)
    {
        if (RegularFile.IsOther(path))
        {
            throw new Failure(
                ExitCode.Configuration,
                $"{path} is not a regular file but a directory, a link, a device or the like, and is left alone; set metrics.file");
        }
    }

    /// <summary>Writes the metrics; that they could not be written is reported, and no failure of the run.</summary>
    public static void Write(string path, Func<CollectorStatus> status, ILogger log)
    {
        try
        {
            RefuseOther(path);
            DurableFile.Replace(path, Encoding.UTF8.GetBytes(Metrics.Render(status())), mode: ForAll);
        }
        catch (Exception ex) when (ex is not OutOfMemoryException)
        {
            var reason = (ex as Failure)?.Message ?? SystemError.Describe(ex);
            log.Warning("The metrics could not be written to metrics.file: {Reason:l}", reason);
        }
    }
}
