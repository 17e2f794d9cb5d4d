namespace OpCollector.Delivery;

/// <summary>What an attempt to deliver came to.</summary>
internal enum Verdict
{
    /// <summary>The receiver has it.</summary>
    Accepted,

    /// <summary>It does not know us, or we may not: no second request.</summary>
    Refused,

    /// <summary>It will never take this from us as we are configured: no second request.</summary>
    Misconfigured,

    /// <summary>It wants to be left alone for a while.</summary>
    Throttled,

    /// <summary>It may work the next time.</summary>
    Transient,
}
