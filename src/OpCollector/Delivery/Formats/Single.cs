namespace OpCollector.Delivery.Formats;

/// <summary>One event in each request, as a bare object: for receivers that take no more.</summary>
internal static class Single
{
    public static readonly Format Format = new(FormatSettings.Single, "application/json")
    {
        MostEvents = 1,
    };
}
