using System.CommandLine;
using System.CommandLine.Parsing;
using OpCollector.Cli.Printing;
using OpCollector.Reporting;
using Serilog;

namespace OpCollector.Cli;

/// <summary>The commands and the options that all of them take.</summary>
internal sealed class CommandLine
{
    static readonly Option<bool> VersionOption = new("--version", "-V") { Description = "Print the version", Recursive = true };

    const int MostErrors = 5;

    readonly SharedOptions _shared = new();
    readonly ParseResult _parsed;

    public CommandLine(IReadOnlyList<string> arguments)
    {
        var root = new RootCommand(
            "Brings every 1Password event to your SIEM, in order and at least once.")
        {
            _shared.Config,
            _shared.Verbose,
            _shared.LogFormat,
            VersionOption,
            CollectCommand.Create(_shared),
            BackfillCommand.Create(_shared),
            CheckpointCommand.Create(_shared),
            ReplayCommand.Create(_shared),
            DetectCommand.Create(_shared),
            ProfileCommand.Create(_shared),
            AccessCommand.Create(_shared),
            ReportCommand.Create(_shared),
            RulesCommand.Create(_shared),
            CheckCommand.Create(_shared),
            StatusCommand.Create(_shared),
            ConfigCommand.Create(_shared),
            StateCommand.Create(_shared),
            SchemaCommand.Create(),
            CompletionCommand.Create(),
            CompleteCommand.Create(),
            ManCommand.Create(_shared, ProductVersion.Text),
        };
        // The library's own --version works on the root command only.
        root.Options.Remove(root.Options.OfType<System.CommandLine.VersionOption>().Single());
        Help.AddTo(root);
        _parsed = root.Parse(Help.AsOption(arguments), CommandLineParsing.Settings);
        Log = _shared.Log(_parsed);
    }

    public ILogger Log { get; }

    /// <summary>Runs the command that was asked for.</summary>
    /// <exception cref="Failure">The command cannot go on; a command that does not exist cannot begin (64).</exception>
    public async Task<ExitCode> RunAsync()
    {
        if (_parsed.GetResult(VersionOption) is { Implicit: false })
        {
            Screen.Print(ProductVersion.Text);
            return ExitCode.Done;
        }

        if (new MisreadWords(_parsed).Complaints is [var complaint, ..])
        {
            throw Usage(complaint);
        }

        if (_parsed.Errors.Count + _parsed.UnmatchedTokens.Count > 0)
        {
            return Refuse();
        }

        return (ExitCode)await _parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // We handle signals ourselves: the library ends the process after two seconds, perhaps between a delivery and its checkpoint.
            ProcessTerminationTimeout = null,
        });
    }

    // A command that lacks its own command is answered with the help, and not with 0: a cron job without its command must not pass for one
    // that works.
    ExitCode Refuse()
    {
        if (_parsed.UnmatchedTokens.Count == 0 && _parsed.CommandResult.Command.Subcommands.Count > 0)
        {
            Help.Print(_parsed.CommandResult.Command, Screen.Errors);
            return ExitCode.Usage;
        }

        // They quote what was written, which a script may have taken from anywhere.
        var wrong = _parsed.UnmatchedTokens.Count > 0
            ? _parsed.UnmatchedTokens.Select(token => MisreadWords.Unknown(_parsed, token))
            : _parsed.Errors.Select(error => ForeignText.Clean(error.Message).ToString());
        throw Usage([.. wrong.Take(MostErrors)]);
    }

    Failure Usage(params string[] wrong)
    {
        var command = "";
        for (var result = _parsed.CommandResult; result.Parent is CommandResult above; result = above)
        {
            command = $" {result.Command.Name}{command}";
        }

        var lines = wrong.Select(line => line[^1] is '.' or '?' ? line : $"{line}.");
        return new Failure(ExitCode.Usage, $"{string.Join(' ', lines)} See opcollector{command} --help");
    }
}
