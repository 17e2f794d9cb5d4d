namespace OpCollector.Sources.EventsApi;

/// <summary>What to do about a request to the Events API that failed.</summary>
internal enum EventsApiFailureKind
{
    /// <summary>A human has to act.</summary>
    Stop,

    /// <summary>It may work in a moment.</summary>
    Retry,

    /// <summary>It took too long. It may work in a moment, or for fewer events.</summary>
    TooSlow,

    /// <summary>The answer is too long to be read. There may be one for fewer events.</summary>
    TooLong,

    /// <summary>1Password wants to be left alone for a while.</summary>
    Throttled,

    /// <summary>It is not to the API's liking: of a cursor, that it is no longer good.</summary>
    BadRequest,

    /// <summary>The token is refused: never try that again by oneself.</summary>
    Refused,
}
