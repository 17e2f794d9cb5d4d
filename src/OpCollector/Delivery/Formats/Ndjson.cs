namespace OpCollector.Delivery.Formats;

/// <summary>One event a line: for receivers that split what they get at line breaks.</summary>
internal static class Ndjson
{
    public static readonly Format Format = new(FormatSettings.Ndjson, "application/x-ndjson")
    {
        Between = "\n",
        Close = "\n",
    };
}
