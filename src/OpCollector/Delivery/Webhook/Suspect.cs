namespace OpCollector.Delivery.Webhook;

/// <summary>An item that was rejected alone, for a reason that does not name it.</summary>
/// <param name="Outcome">How it was rejected; null where an earlier run got the answer.</param>
internal sealed record Suspect(Batch Batch, DeliveryOutcome? Outcome)
{
    /// <summary>Whether it need not be sent again: it was rejected twice, or for good.</summary>
    public bool IsConfirmed { get; init; } = Outcome is { MayRetry: false };
}
