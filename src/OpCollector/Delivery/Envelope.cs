namespace OpCollector.Delivery;

/// <summary>What a format puts around each event.</summary>
internal enum Envelope
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>An object with the time in epoch seconds and what is told about the event, itself under <c>event</c>.</summary>
    Hec,

    /// <summary>A line before it that creates it under its id; in the event, its time as <c>@timestamp</c>.</summary>
    BulkCreate,
}
