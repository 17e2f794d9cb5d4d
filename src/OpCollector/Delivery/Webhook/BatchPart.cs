namespace OpCollector.Delivery.Webhook;

/// <summary>A part of a batch that is to be sent in one request.</summary>
internal readonly record struct BatchPart(Batch Batch)
{
    /// <summary>Whether it is rejected for sure.</summary>
    public bool IsRejected { get; init; }

    /// <summary>Whether it was rejected together with the part that waits behind it.</summary>
    public bool IsFirstOfTwo { get; init; }
}
