using System.Runtime.InteropServices;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Cli;

/// <summary>Runs the command; whatever goes wrong becomes one line on stderr and one exit code.</summary>
internal static class Program
{
    // SIGXFSZ: a file gets larger than its limit. The write that fails names the file.
    const PosixSignal FileTooLarge = (PosixSignal)25;

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

        using var limit = PosixSignalRegistration.Create(FileTooLarge, context => context.Cancel = true);
        var commandLine = new CommandLine(arguments);
        try
        {
            return (int)await commandLine.RunAsync();
        }
        catch (Failure failure)
        {
            return (int)Report(failure, commandLine.Log);
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // .NET's exception does not name the file when stdout is closed or full.
            commandLine.Log.Error("A file, or stdout, is closed or cannot be written: {Reason:l}", SystemError.Describe(ex));
            return (int)ExitCode.Disk;
        }
        catch (Exception ex)
        {
            return (int)ReportBug(ex, commandLine.Log);
        }
        finally
        {
            await Log.CloseAndFlushAsync();
        }
    }

    static ExitCode Report(Failure failure, ILogger log)
    {
        foreach (var line in failure.Lines)
        {
            log.Error("{Failure:l}", line);
        }

        return failure.Code;
    }

    // The text of a library may quote foreign data of any length, so it is shown with --verbose only.
    static ExitCode ReportBug(Exception bug, ILogger log)
    {
        log.Error(
            "This is a bug in opcollector, please report it with the output of --verbose: {Type:l} in {Place:l}",
            bug.GetType().Name,
            PlaceOf(bug));
        foreach (var line in bug.ToString().Split('\n'))
        {
            log.Debug("{Trace:l}", ForeignText.Clean(line).ToString());
        }

        return ExitCode.Bug;
    }

    // The innermost of our own methods.
    static string PlaceOf(Exception ex) =>
        ex.StackTrace?.Split('\n')
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.Contains(nameof(OpCollector), StringComparison.Ordinal)) is { } line
            ? ForeignText.Clean(line.Split(" in ")[0].Replace("at ", "", StringComparison.Ordinal).Split('(')[0]).ToString()
            : "code of others";
}
