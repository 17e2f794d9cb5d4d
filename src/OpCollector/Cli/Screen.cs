using Spectre.Console;

namespace OpCollector.Cli;

/// <summary>Where pictures and tables go: a terminal in colours, unless <c>NO_COLOR</c> is set, or a pipe in plain text.</summary>
internal static class Screen
{
    const int WidthOfPipe = 200;

    /// <summary>
    /// Prints a line: whatever an event, a file or an argument has put into it, it is one line without secrets and steers nothing.
    /// </summary>
    public static void Print(string line) => Console.WriteLine(ForeignText.Printable(Redaction.Of(line)));

    /// <summary>A text of others for a picture or a table.</summary>
    public static string Cell(string text) => Markup.Escape(ForeignText.Line(Redaction.Of(text)));

    public static IAnsiConsole Open()
    {
        var isPipe = Console.IsOutputRedirected;
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isPipe ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = isPipe ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        // Nobody knows how wide the paper behind a pipe is; a line is a row.
        screen.Profile.Width = isPipe ? WidthOfPipe : screen.Profile.Width;
        return screen;
    }
}
