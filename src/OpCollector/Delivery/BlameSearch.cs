namespace OpCollector.Delivery;

/// <summary>When the rejection of a batch leads to a search for the events that are to blame, by what is known of the receiver.</summary>
internal enum BlameSearch
{
    /// <summary>Never: a receiver that has taken nothing yet is set up wrongly.</summary>
    None,

    /// <summary>Where it rejects for good: it has taken events before, so it may be about these.</summary>
    OnRejection,

    /// <summary>Also where it only fails: it has failed with these too long for that to be the moment.</summary>
    OnFailure,
}
