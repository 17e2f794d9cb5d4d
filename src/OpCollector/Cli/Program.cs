using OpCollector.Storage;
using Serilog;

namespace OpCollector.Cli;

/// <summary>Runs the command; whatever goes wrong becomes one line on stderr and one exit code.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        // Where one is closed, this starts the program again in this process, with all three open.
        if (!StandardStreams.TryOpenMissing())
        {
            return (int)ExitCode.Disk;
        }

        if (!StandardStreams.CanOpenEnough)
        {
            StandardStreams.ReportTooFewFiles();
            return (int)ExitCode.Configuration;
        }

        var commandLine = new CommandLine(arguments);
        try
        {
            return (int)await commandLine.RunAsync();
        }
        catch (Failure failure)
        {
            Report(failure, commandLine.Log);
            return (int)failure.Code;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // .NET's exception does not name the file when stdout is closed or full.
            commandLine.Log.Error("A file, or stdout, is closed or cannot be written: {Reason:l}", SystemError.Describe(ex));
            return (int)ExitCode.Disk;
        }
        catch (Exception ex)
        {
            ReportBug(ex, commandLine.Log);
            return (int)ExitCode.Bug;
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    static void Report(Failure failure, ILogger log)
    {
        foreach (var line in failure.Lines)
        {
            log.Error("{Failure:l}", line);
        }
    }

    // The text of a library may quote foreign data of any length, so it is shown with --verbose only.
    static void ReportBug(Exception bug, ILogger log)
    {
        log.Error(
            "This is a bug in opcollector, please report it with the output of --verbose: {Type:l} in {Place:l}",
            bug.GetType().Name,
            PlaceOf(bug));
        foreach (var line in bug.ToString().Split('\n'))
        {
            log.Debug("{Trace:l}", ForeignText.Clean(line).ToString());
        }
    }

    // The innermost of our own methods.
    static string PlaceOf(Exception ex) =>
        ex.StackTrace?.Split('\n')
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.Contains(nameof(OpCollector), StringComparison.Ordinal)) is { } line
            ? ForeignText.Clean(line.Split(" in ")[0].Replace("at ", "", StringComparison.Ordinal).Split('(')[0]).ToString()
            : "code of others";
}
