using Spectre.Console;

namespace OpCollector.Cli.Printing;

/// <summary>Where pictures and tables go: a terminal in colours, unless <c>NO_COLOR</c> is set, or a pipe in plain text.</summary>
internal static class Screen
{
    const int WidthOfPipe = 200;

    // Of a text behind a heading, on the narrowest of screens.
    const int FewestColumns = 30;

    /// <summary>
    /// Prints a line: whatever an event, a file or an argument has put into it, it is one line without secrets and steers nothing.
    /// </summary>
    public static void Print(string line) => Console.WriteLine(ForeignText.Printable(Redaction.Redact(line)));

    /// <summary>Prints the pieces of a line that is too long to be made first.</summary>
    public static void Print(IEnumerable<string> pieces)
    {
        foreach (var piece in pieces)
        {
            Console.Write(ForeignText.Printable(Redaction.Redact(piece)));
        }

        Console.WriteLine();
    }

    /// <summary>Prints a text behind a heading: on a terminal its lines are broken between words and set below each other.</summary>
    /// <param name="color">Of the text, where there are colours.</param>
    public static void PrintRow(string heading, string text, ConsoleColor? color = null)
    {
        var screen = Open();
        var width = IsPipe ? int.MaxValue : Math.Max(Width, heading.Length + FewestColumns);
        foreach (var line in Wrapped(ForeignText.Line(Redaction.Redact(text)), width - heading.Length))
        {
            if (color is { } chosen && !IsPipe)
            {
                screen.Write(new Text(ForeignText.Printable(Redaction.Redact(heading))));
                screen.Write(new Text(line, new Style(Color.FromConsoleColor(chosen))));
                screen.WriteLine();
            }
            else
            {
                Print($"{heading}{line}");
            }

            heading = new string(' ', heading.Length);
        }
    }

    /// <summary>Whether a program reads what is printed: then columns are parted by TAB, and nothing is aligned or summed up.</summary>
    public static bool IsPipe => Console.IsOutputRedirected;

    /// <summary>Prints a row for a program.</summary>
    public static void PrintColumns(params string[] columns) =>
        Console.WriteLine(string.Join('\t', columns.Select(column => ForeignText.Line(Redaction.Redact(column)))));

    /// <summary>What is not data: the help that nobody has asked for.</summary>
    public static TextWriter Errors => Console.Error;

    /// <summary>How many columns there are; of a pipe, enough.</summary>
    public static int Width => Open().Profile.Width;

    /// <summary>A text in lines of at most so many columns; a longer word has a line of its own.</summary>
    public static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = word;
            }
            else
            {
                line = line.Length == 0 ? word : $"{line} {word}";
            }
        }

        yield return line;
    }

    /// <summary>A text of others for a picture or a table.</summary>
    public static string Cell(string text) => Markup.Escape(ForeignText.Line(Redaction.Redact(text)));

    public static IAnsiConsole Open()
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsPipe ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = IsPipe ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        // Nobody knows how wide the paper behind a pipe is; a line is a row.
        screen.Profile.Width = IsPipe ? WidthOfPipe : screen.Profile.Width;
        return screen;
    }
}
