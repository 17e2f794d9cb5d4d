using Spectre.Console;

namespace OpCollector.Cli;

/// <summary>Where pictures and tables go: a terminal in colours, unless <c>NO_COLOR</c> is set, or a pipe in plain text.</summary>
internal static class Screen
{
    const int WidthOfPipe = 200;

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
