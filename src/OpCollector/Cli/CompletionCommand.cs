using System.CommandLine;
using System.Reflection;
using OpCollector.Delivery;

namespace OpCollector.Cli;

/// <summary><c>opcollector completion</c>: the script by which a shell completes commands, options and values.</summary>
internal static class CompletionCommand
{
    static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "The shell that the script is for" };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", "Print what makes a shell complete commands, options and values") { shell };
        command.SetAction((parsed, _) => Task.FromResult((int)Print(parsed.GetValue(shell)!)));
        return command;
    }

    static ExitCode Print(string shell)
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream($"opcollector.{shell}")!;
        var script = new byte[file.Length];
        file.ReadExactly(script);
        StdoutSink.TryPrint(script);
        return ExitCode.Done;
    }
}
