using OpCollector.Events;

namespace OpCollector.Delivery.Webhook;

/// <summary>What came of sending a batch, once or several times: the last answer, and what of the batch it is about.</summary>
/// <param name="Left">What is neither delivered nor rejected by name.</param>
internal sealed record Attempt(Batch Left)
{
    /// <summary>The last answer; null before the first request.</summary>
    public DeliveryOutcome? Outcome { get; private init; }

    /// <summary>The items that an answer rejected by name.</summary>
    public IReadOnlyList<RejectedEvent> Rejected { get; private init; } = [];

    /// <summary>How often it was sent.</summary>
    public int Count { get; private init; }

    /// <summary>Adds an answer.</summary>
    public Attempt With(DeliveryOutcome outcome) => this with
    {
        Outcome = outcome,
        Count = Count + 1,
        Left = outcome.Partial is { } partial ? Left with { Events = partial.Left } : Left,
        Rejected = outcome.Partial is { } named ? [.. Rejected, .. named.Rejected] : Rejected,
    };

    /// <summary>Appends the attempt that sent the rest.</summary>
    public Attempt And(Attempt next) => next with { Rejected = [.. Rejected, .. next.Rejected], Count = Count + next.Count };

    /// <summary>The items of <paramref name="sent"/> that the receiver has now.</summary>
    public IReadOnlyList<ActivityEvent> AcceptedOf(Batch sent)
    {
        var left = Outcome!.Verdict == Verdict.Accepted ? [] : Left.Events;
        HashSet<string> others = [.. Rejected.Select(each => each.Event.Id), .. left.Select(each => each.Id)];
        return others.Count == 0 ? sent.Events : [.. sent.Events.Where(each => !others.Contains(each.Id))];
    }
}
