namespace OpCollector.Delivery;

/// <summary>What an attempt to deliver came to.</summary>
internal enum Verdict
{
    /// <summary>The receiver has it.</summary>
    Accepted,

    /// <summary>The receiver has some of it and says which; the rest can be sent at once.</summary>
    PartlyAccepted,

    /// <summary>It is more than the receiver takes at a time.</summary>
    TooBig,

    /// <summary>The receiver rejects something in it.</summary>
    Rejected,

    /// <summary>It does not know us, or we may not: no second request.</summary>
    Unauthorized,

    /// <summary>It will never take this from us as we are configured: no second request.</summary>
    Misconfigured,

    /// <summary>It wants to be left alone for a while.</summary>
    Throttled,

    /// <summary>It may work the next time.</summary>
    Transient,

    /// <summary>It says that it worked, in words that its format does not have: it may work the next time.</summary>
    Nonsense,
}
