namespace OpCollector.Sources.EventsApi;

/// <summary>How <see cref="EventsApiMemory"/> lies on the disk.</summary>
/// <param name="Refusals">By stream.</param>
/// <param name="ExpiryTold">When somebody was last told that the token ends.</param>
internal sealed record EventsApiMemoryContent(IReadOnlyDictionary<string, Refusal>? Refusals = null, DateTimeOffset? ExpiryTold = null);
