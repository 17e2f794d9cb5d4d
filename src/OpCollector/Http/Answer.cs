namespace OpCollector.Http;

/// <summary>An answer that was read to its end.</summary>
/// <param name="ContentType">The headers as they were sent.</param>
internal sealed record Answer(int Status, string? ContentType, string? RetryAfter, ReadOnlyMemory<byte> Body)
{
    /// <summary>How many more requests the server takes, and in how many seconds it takes all of them again, where it says so.</summary>
    public (string? Remaining, string? Reset) RateLimit { get; init; }

    /// <summary>Whether it was longer than what is kept of it.</summary>
    public bool IsCut { get; init; }

    /// <summary>What it says, fit for one line of a log and for the quarantine.</summary>
    public string Text => ForeignText.Of(Body.Span).ToString();

    /// <summary>Whether it is a page for people, whatever its type says.</summary>
    public bool IsWebPage => WebPage.Is(Body.Span);
}
