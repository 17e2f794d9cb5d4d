using System.CommandLine;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;
using OpCollector.Delivery;

namespace OpCollector.Cli;

/// <summary>
/// How a dry run prints events, and <c>detect</c> findings: for a person on a terminal, for a program everywhere else, or as
/// <c>--output</c> says.
/// </summary>
internal static class DryRunOutput
{
    const string Ndjson = "ndjson";
    const string Text = "text";

    public static Option<string?> Option() =>
        Option("With --dry-run: whole events, one on each line, or a table to read. Without it: the table on a terminal, else events");

    public static Option<string?> FindingsOption() =>
        Option("Whole findings, one on each line, or a table to read. Without it: the table on a terminal, else findings");

    /// <param name="chosen">What <c>--output</c> says; null where it says nothing.</param>
    /// <param name="sink">Where the events would go.</param>
    public static PreviewFormat Events(string? chosen, SinkSettings sink) =>
        !IsText(chosen) ? new NdjsonPreview(sink.Form, sink.Routes.ToDictionary(route => route.Key, route => route.Value.Form))
        : Console.IsOutputRedirected ? new ReadableText(width: int.MaxValue, isColored: false)
        : new ReadableText(Screen.Width, isColored: Host.Variables["NO_COLOR"] is null or "");

    /// <param name="chosen">What <c>--output</c> says; null where it says nothing.</param>
    public static FindingOutput Findings(string? chosen) => IsText(chosen) ? new FindingTable() : new FindingLines();

    static bool IsText(string? chosen) => (chosen ?? (Console.IsOutputRedirected ? Ndjson : Text)) == Text;

    static Option<string?> Option(string description)
    {
        var option = new Option<string?>("--output") { Description = description };
        option.AcceptOnlyFromAmong(Ndjson, Text);
        return option;
    }
}
