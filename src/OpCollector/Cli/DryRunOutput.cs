using System.CommandLine;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;
using OpCollector.Delivery;

namespace OpCollector.Cli;

/// <summary>How a dry run prints events: for a person on a terminal, for a program everywhere else, or as <c>--output</c> says.</summary>
internal static class DryRunOutput
{
    const string Ndjson = "ndjson";
    const string Text = "text";

    public static Option<string?> Option() =>
        Option("With --dry-run: whole events, one on each line, or a table to read. Without it: the table on a terminal, else events");

    public static Option<string?> FindingsOption() =>
        Option("Whole findings, one on each line, or a table to read. Without it: the table on a terminal, else findings");

    /// <param name="chosen">What <c>--output</c> says; null where it says nothing.</param>
    public static bool IsText(string? chosen) => (chosen ?? (Console.IsOutputRedirected ? Ndjson : Text)) == Text;

    /// <param name="chosen">What <c>--output</c> says; null where it says nothing.</param>
    public static Func<Batch, ReadOnlyMemory<byte>> Form(string? chosen) =>
        !IsText(chosen) ? NdjsonLines.Write
        : Console.IsOutputRedirected ? batch => ReadableText.Lines(batch)
        : OnTerminal(Screen.Width, Host.Variables["NO_COLOR"] is null or "");

    static Func<Batch, ReadOnlyMemory<byte>> OnTerminal(int width, bool isColored) => batch => ReadableText.Lines(batch, width, isColored);

    static Option<string?> Option(string description)
    {
        var option = new Option<string?>("--output") { Description = description };
        option.AcceptOnlyFromAmong(Ndjson, Text);
        return option;
    }
}
