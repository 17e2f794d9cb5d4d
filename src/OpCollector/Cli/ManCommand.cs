using System.CommandLine;
using System.Globalization;
using System.Text;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;
using OpCollector.Delivery;

namespace OpCollector.Cli;

/// <summary><c>opcollector man</c>: the manual page, made of the help of every command, for those who make packages.</summary>
internal static class ManCommand
{
    public static Command Create(SharedOptions shared, string version)
    {
        var command = new Command("man", "Print the manual page") { Hidden = true };
        command.SetAction((parsed, _) => Task.FromResult((int)Print(
            (RootCommand)parsed.RootCommandResult.Command, version, shared.Host(parsed).Time.GetUtcNow())));
        return command;
    }

    static ExitCode Print(RootCommand root, string version, DateTimeOffset now)
    {
        // What is packed has the time of the commit, so that the same commit gives the same bytes.
        var epoch = long.TryParse(Host.Variables["SOURCE_DATE_EPOCH"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.UnixEpoch.Plus(SaturatingTime.Seconds(seconds))
            : now;
        StdoutSink.TryPrint(Encoding.UTF8.GetBytes(new ManPage(root, version, epoch).ToString()));
        return ExitCode.Done;
    }
}
