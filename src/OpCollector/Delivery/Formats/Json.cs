namespace OpCollector.Delivery.Formats;

/// <summary>A JSON array of the events in each request: what most webhooks take.</summary>
internal static class Json
{
    public static readonly Format Format = new(FormatSettings.Json, "application/json")
    {
        Open = "[",
        Between = ",",
        Close = "]",
    };
}
