namespace OpCollector.Http;

/// <summary>An answer that was read to its end.</summary>
/// <param name="ContentType">The header as the server sent it; likewise <paramref name="RetryAfter"/>.</param>
internal sealed record HttpAnswer(int Status, string? ContentType, string? RetryAfter, ReadOnlyMemory<byte> Body)
{
    /// <summary>How many more requests the server takes, and in how many seconds it takes all of them again, where it says so.</summary>
    public (string? Remaining, string? Reset) RateLimit { get; init; }

    /// <summary>Whether it was longer than what is kept of it.</summary>
    public bool IsCut { get; init; }

    /// <summary>What it says, fit for one line of a log and for the quarantine.</summary>
    public string Text => ForeignText.Clean(Body.Span).ToString();

    /// <summary>Whether it is a page for people, whatever its type says.</summary>
    public bool IsWebPage => WebPage.Is(Body.Span);
}

/// <summary>Why a request got no whole answer.</summary>
/// <param name="Reason">In our own words.</param>
/// <param name="ProxyStatus">What a proxy answered instead of making a way.</param>
internal sealed record HttpFailure(HttpFailureKind Kind, HttpRequestError Error, string Reason, int? ProxyStatus = null)
{
    /// <summary>Whether it is known that nothing of the body was sent.</summary>
    public bool IsUnsent { get; init; }

    public static HttpFailure FromTimeout(TimeSpan limit) =>
        new(HttpFailureKind.Timeout, HttpRequestError.Unknown, $"did not answer within {limit.TotalSeconds:0} s");
}

/// <summary>What was in the way of an answer.</summary>
internal enum HttpFailureKind
{
    /// <summary>The way there, or what came back on it.</summary>
    Connection,

    /// <summary>A certificate, ours or theirs.</summary>
    Untrusted,

    /// <summary>The time for one attempt was over.</summary>
    Timeout,
}
