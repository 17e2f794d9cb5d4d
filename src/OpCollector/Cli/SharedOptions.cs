using System.CommandLine;
using OpCollector.Cli.Hosting;
using OpCollector.Reporting;
using Serilog;

namespace OpCollector.Cli;

/// <summary>The options that all commands take, and the host that a command gets by them.</summary>
internal sealed class SharedOptions
{
    (ILogger Log, Terminal? Terminal)? _stderr;

    public Option<string?> Config { get; } = new("--config", "-c")
    {
        Description =
            "The configuration file. Without it: $OPCOLLECTOR_CONFIG, $XDG_CONFIG_HOME/opcollector/opcollector.json, " +
                "/etc/opcollector/opcollector.json",
        HelpName = "file",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Log every step to stderr", Recursive = true };

    public Option<string> LogFormat { get; } = LogFormats();

    /// <summary>
    /// The log as the raw words of the command line ask for it, because the complaint about a wrong <c>--log-format</c> needs a log,
    /// too.
    /// </summary>
    public ILogger Log(ParseResult parsed) => Stderr(parsed).Log;

    public Host Host(ParseResult parsed) => Host(parsed, SettingsScope.Whole);

    /// <summary>A host for a command that only reads the state: it works with a wrong sink, too.</summary>
    public Host HostWithoutSink(ParseResult parsed) => Host(parsed, SettingsScope.WithoutSink);

    Host Host(ParseResult parsed, SettingsScope scope) =>
        new(parsed.GetValue(Config), scope, Stderr(parsed).Log, Stderr(parsed).Terminal, TimeProvider.System);

    (ILogger Log, Terminal? Terminal) Stderr(ParseResult parsed) => _stderr ??= StderrLog.Create(
        verbose: parsed.GetResult(Verbose) is { Implicit: false },
        json: parsed.GetResult(LogFormat)?.Tokens is [{ Value: "json" }],
        TimeProvider.System);

    static Option<string> LogFormats()
    {
        var option = new Option<string>("--log-format")
        {
            Description = "Log format",
            DefaultValueFactory = _ => "text",
            Recursive = true,
        };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
