namespace OpCollector.Sources.EventsApi;

/// <summary>What a request came to: a body, or what went wrong.</summary>
internal sealed record EventsApiReply(ReadOnlyMemory<byte> Body = default, EventsApiFailure? Failure = null);
