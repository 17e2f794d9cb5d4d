using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text;

namespace OpCollector.Cli.Printing;

/// <summary>The manual page <c>opcollector(1)</c>: what the help says of every command, in the language of man.</summary>
/// <param name="made">The date on it.</param>
internal sealed class ManPage(RootCommand root, string version, DateTimeOffset made)
{
    const int ShortLine = 70;

    // What only files and the environment decide; the rest comes from the commands.
    static readonly (string Name, string Text)[] Files =
    [
        ("/etc/opcollector/opcollector.json", "The configuration, where nothing else names one."),
        ("/var/lib/opcollector", "The state of the service that the Debian package installs: checkpoint, quarantine, names."),
        ("/usr/share/doc/opcollector", "The documents and samples."),
    ];

    static readonly (string Name, string Text)[] Variables =
    [
        ("OPCOLLECTOR_CONFIG", "The configuration file."),
        ("STATE_DIRECTORY, XDG_STATE_HOME", "Where the state is, where state.directory says nothing."),
        ("CREDENTIALS_DIRECTORY", "Where systemd puts the secrets that a configuration calls credentials."),
        ("NO_COLOR", "No colours."),
    ];

    readonly StringBuilder _page = new();

    public override string ToString()
    {
        _page.Clear();
        var date = made.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Line($".TH OPCOLLECTOR 1 \"{date}\" \"opcollector {Text(version)}\" \"User Commands\"");
        Heading("NAME");
        Prose($"opcollector - {root.Description!.TrimEnd('.')}");
        Heading("SYNOPSIS");
        Line(".B opcollector");
        Line(".I COMMAND");
        Line("[\\fIOPTIONS\\fR]");
        Heading("DESCRIPTION");
        Prose(
            "OpCollector pages the events of a 1Password Business account since the last time, adds names, looks for what is dangerous, and " +
            "delivers all of it, in order and at least once. cron or a systemd timer starts opcollector collect every few minutes.");
        Heading("COMMANDS");
        foreach (var command in root.Subcommands.Where(each => !each.Hidden))
        {
            Write(command, "opcollector");
        }

        Heading("OPTIONS");
        Write(root.Options);
        Write("FILES", Files);
        Write("ENVIRONMENT", Variables);
        Write("EXIT STATUS", [.. Enum.GetValues<ExitCode>().Select(code => (Number(code), Describe(code)))]);
        Heading("SEE ALSO");
        Line(".BR op (1),");
        Line(".BR cron (8),");
        Line(".BR systemd.timer (5)");
        return _page.ToString();
    }

    void Write(Command command, string above)
    {
        var arguments = string.Concat(command.Arguments.Select(argument => $" {Usage(argument)}"));
        var path = $"{above} {command.Name}";
        Line($".SS \"{Text(path)}{Text(command.Subcommands.Count > 0 ? " COMMAND" : arguments)}\"");
        Prose(command.Description!);
        Write([.. command.Arguments.Select(argument => (argument.Name.ToUpperInvariant(), argument.Description!))]);
        Write(command.Options);
        if (Help.ExamplesOf(command) is { Count: > 0 } examples)
        {
            Line(".PP");
            Line("Examples:");
            Line(".PP");
            Line(".nf");
            foreach (var example in examples)
            {
                Line(Text(example));
            }

            Line(".fi");
        }

        foreach (var each in command.Subcommands.Where(each => !each.Hidden))
        {
            Write(each, path);
        }
    }

    void Write(IEnumerable<Option> options) => Write(
        [.. options.Where(option => !option.Hidden).Select(option => (
            string.Join(", ", option.Aliases.Where(alias => alias is ['-', >= 'A']).Append(option.Name)) + Value(option),
            option.Description!))]);

    void Write((string Name, string Text)[] items)
    {
        foreach (var (name, text) in items)
        {
            Line(".TP");
            Line($"\\fB{Text(name)}\\fR");
            Prose(text);
        }
    }

    void Write(string heading, (string Name, string Text)[] items)
    {
        Heading(heading);
        Write(items);
    }

    void Heading(string text) => Line($".SH \"{text}\"");

    // man fills the lines anew; short ones are easy to compare.
    void Prose(string text)
    {
        foreach (var line in Screen.Wrapped(text, ShortLine))
        {
            Line(Text(line));
        }
    }

    void Line(string line) => _page.Append(line).Append('\n');

    static string Number(ExitCode code) => ((int)code).ToString(CultureInfo.InvariantCulture);

    static string Describe(ExitCode code) => code == ExitCode.Stale
        ? "of status --max-age: the last good run is too old"
        : ExitCodes.Describe(code);

    static string Usage(Argument argument) =>
        (argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name.ToUpperInvariant()}]" : argument.Name.ToUpperInvariant()) +
            (argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");

    static string Value(Option option) => option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool)
        ? ""
        : option.GetCompletions(CompletionContext.Empty).Select(item => item.Label).ToArray() is { Length: > 0 } values
            ? $" {string.Join('|', values)}"
        : $" {(option.HelpName ?? option.Name.TrimStart('-')).ToUpperInvariant()}";

    // A line may not begin with what man takes for a command, and an option is written with minus signs, not with hyphens.
    static string Text(string text)
    {
        var escaped = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal).Replace("…", "...", StringComparison.Ordinal);
        return escaped is ['.' or '\'', ..] ? $"\\&{escaped}" : escaped;
    }
}
