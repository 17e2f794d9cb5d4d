namespace OpCollector.Delivery.Webhook;

/// <summary>An item that was refused alone, for a reason that does not name it.</summary>
/// <param name="Outcome">How it was refused; null where an earlier run was told.</param>
internal sealed record Suspect(Batch Batch, DeliveryOutcome? Outcome)
{
    /// <summary>Whether it needs not be sent once more: it was, or the refusal was for good.</summary>
    public bool IsConfirmed { get; init; } = Outcome is { MayRetry: false };
}
