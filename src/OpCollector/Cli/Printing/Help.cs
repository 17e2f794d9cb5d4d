using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OpCollector.Cli.Printing;

/// <summary>The help: of the program its commands by what they are for, of a command its options and examples.</summary>
internal static class Help
{
    const string Word = "help";
    const int Column = 14;

    static readonly (string Title, string[] Commands)[] Groups =
    [
        ("Everyday", ["collect", "check", "status"]),
        ("Recover", ["backfill", "replay", "checkpoint", "state"]),
        ("Detect", ["rules", "detect", "profile", "access", "report"]),
        ("Configure", ["config"]),
    ];

    static readonly Dictionary<string, string[]> Examples = new()
    {
        ["collect"] =
        [
            "opcollector collect --dry-run --limit 20     print the next 20 events, send nothing",
            "*/5 * * * *  /usr/local/bin/opcollector collect",
            "                                             in a crontab: deliver what is new",
        ],
        ["backfill"] =
        [
            "opcollector backfill --since 7d --dry-run    print the last week, send nothing",
            "opcollector backfill --since 2026-11-01 --until 2026-11-08",
            "opcollector backfill --from 3196426221       op: what is newer than this event",
        ],
        ["check"] =
        [
            "opcollector check --send-test                and deliver one test event",
            "opcollector-service check                    as the systemd service runs it",
        ],
        ["status"] = ["opcollector status --max-age 30m             for a monitor: one line, and 1 when it is too old"],
        ["access"] =
        [
            "opcollector access events.ndjson             every vault and group, with how many reach it",
            "opcollector access Payroll events.ndjson     who reaches it: since when, by whose hand",
            "opcollector access bob@acme.example --since 365d --at 2026-09-01",
        ],
        ["detect"] = ["opcollector detect events.ndjson             findings in a file, one on each line"],
        ["report"] =
        [
            "opcollector report events.ndjson             report.html, of a file that was delivered",
            "opcollector report --since 7d --out week.html",
            "                                             of the last week, read from the source",
        ],
    };

    /// <summary>Gives the program and its commands this help.</summary>
    public static void AddTo(RootCommand root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new PrintHelp((System.CommandLine.Help.HelpAction)option.Action!);
    }

    /// <summary>How a command is used, in lines of a command and what it does; none where its options say it all.</summary>
    public static IReadOnlyList<string> ExamplesOf(Command command) =>
        command.Parents.All(above => above is RootCommand) ? Examples.GetValueOrDefault(command.Name, []) : [];

    /// <summary><c>help collect</c> means <c>collect --help</c>.</summary>
    public static IReadOnlyList<string> AsOption(IReadOnlyList<string> arguments) =>
        arguments is [Word, ..] ? [.. arguments.SkipWhile(each => each == Word), "--help"] : arguments;

    /// <summary>Prints the commands below a command.</summary>
    public static void Print(Command command, TextWriter output)
    {
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine($"Usage: {PathOf(command)} COMMAND [OPTIONS]");
        var groups = command is RootCommand ? Groups : [("Commands", [.. command.Subcommands.Select(each => each.Name)])];
        var others = command.Subcommands.Where(each => !groups.Any(group => group.Commands.Contains(each.Name))).Select(each => each.Name);
        foreach (var (title, names) in groups.Append(("More", [.. others])))
        {
            PrintGroup(title, names.SelectMany(name => command.Subcommands.Where(each => each.Name == name)), output);
        }

        output.WriteLine();
        output.WriteLine("Each command takes --config FILE, --verbose, --log-format text|json, --help and");
        output.WriteLine("--version; opcollector help COMMAND shows the others.");
        output.WriteLine("Settings and exit codes: docs/reference.md. Failures: docs/troubleshooting.md.");
    }

    static void PrintGroup(string title, IEnumerable<Command> commands, TextWriter output)
    {
        Command[] all = [.. commands];
        if (all.Length == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"{title}:");
        foreach (var each in all)
        {
            var heading = $"  {each.Name,-(Column - 3)} ";
            foreach (var line in Screen.Wrapped(each.Description ?? "", 80 - Column))
            {
                output.WriteLine($"{heading}{line}");
                heading = new string(' ', Column);
            }
        }
    }

    static string PathOf(Command command) => command is RootCommand ? "opcollector" : $"opcollector {command.Name}";

    sealed class PrintHelp(System.CommandLine.Help.HelpAction usual) : SynchronousCommandLineAction
    {
        // Who asks for help need not know the rest of the line yet.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var command = parseResult.CommandResult.Command;
            var output = parseResult.InvocationConfiguration.Output;
            if (command is RootCommand)
            {
                Print(command, output);
                return 0;
            }

            // Of a command that the list does not show, the library prints nothing.
            command.Hidden = false;
            var code = usual.Invoke(parseResult);
            if (ExamplesOf(command) is { Count: > 0 } examples)
            {
                output.WriteLine("Examples:");
                foreach (var example in examples)
                {
                    output.WriteLine($"  {example}");
                }
            }

            return code;
        }
    }
}
