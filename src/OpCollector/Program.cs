using OpCollector.Checkpoints;
using OpCollector.Cli;
using OpCollector.Configuration;
using Serilog;

namespace OpCollector;

/// <summary>Runs the command; whatever goes wrong becomes one line on stderr and one exit code.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (!StandardStreams.Ensure())
        {
            return (int)ExitCode.Disk;
        }

        var commandLine = new CommandLine(arguments);
        try
        {
            return (int)await commandLine.RunAsync();
        }
        catch (Failure failure)
        {
            commandLine.Log.Error("{Failure:l}", Redaction.Of(failure.Message));
            return (int)failure.Code;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // A closed stdout, or one that is full, has no name.
            commandLine.Log.Error("A file, or stdout, is closed or cannot be written: {Message:l}", ex.Message);
            return (int)ExitCode.Disk;
        }
        catch (Exception ex)
        {
            commandLine.Log.Error("This is a bug in opcollector, please report it: {Type:l}: {Message:l}", ex.GetType().Name, ex.Message);
            commandLine.Log.Debug("{Trace:l}", ex.ToString());
            return (int)ExitCode.Bug;
        }
        finally
        {
            await Serilog.Log.CloseAndFlushAsync();
        }
    }
}
