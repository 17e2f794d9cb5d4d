namespace OpCollector.Checkpoints;

/// <summary>An event that was delivered not long ago, kept to recognise it when it is read again.</summary>
internal readonly record struct KnownEvent(long Eid, DateTimeOffset? Time, DateTimeOffset Delivered);
