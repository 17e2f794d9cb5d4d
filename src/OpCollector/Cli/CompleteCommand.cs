using System.CommandLine;
using System.Text;
using OpCollector.Delivery;

namespace OpCollector.Cli;

/// <summary>
/// <c>opcollector complete -- WORD…</c>: what the last word may become, each on a line with what it is for behind a TAB. The scripts of
/// <c>completion</c> ask it at each TAB.
/// </summary>
internal static class CompleteCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("word")
        {
            Description = "The words behind opcollector; the last one is completed",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var command = new Command("complete", "Print what the last word may become") { words };
        command.Hidden = true;
        command.SetAction((parsed, _) => Task.FromResult((int)Print(
            new Completions((RootCommand)parsed.RootCommandResult.Command).Suggest(parsed.GetValue(words) ?? []))));
        return command;
    }

    static ExitCode Print(IEnumerable<Completion> completions)
    {
        StdoutSink.TryPrint(Encoding.UTF8.GetBytes(string.Concat(completions.Select(each => $"{each.Value}\t{each.Description}\n"))));
        return ExitCode.Done;
    }
}
