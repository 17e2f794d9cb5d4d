namespace OpCollector.Cli.Printing;

/// <summary>A table in columns of a fixed width, so that it fits a screen of 80; what is too long is cut.</summary>
internal sealed class FixedColumns(params (string Heading, int Width)[] columns)
{
    public void PrintHeadings() => PrintRow([.. columns.Select(column => column.Heading)]);

    public void PrintRow(params string[] cells) => Screen.Print(
        string.Join("  ", columns.Zip(cells, (column, cell) => Fitted(cell, column.Width).PadRight(column.Width))).TrimEnd());

    static string Fitted(string cell, int width) => ForeignText.Shortened(ForeignText.Line(Redaction.Redact(cell)), width) is var shown
        && shown.Length > width ? ForeignText.Shortened(shown, width - 1) : shown;
}
