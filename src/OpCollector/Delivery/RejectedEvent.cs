using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>An event that the receiver will not take, however often it is sent, with the reason.</summary>
/// <param name="Why">As the end of a sentence that begins with the sink.</param>
/// <param name="Status">What the receiver answered; null where it was not even asked.</param>
/// <param name="Answer">What it said.</param>
/// <param name="ByWebPage">Whether it said so in a web page, which may come from something in between.</param>
internal sealed record RejectedEvent(
    ActivityEvent Event, Verdict Verdict, string Why, int? Status = null, string? Answer = null, bool ByWebPage = false);
