using OpCollector.Http;

namespace OpCollector.Delivery;

/// <summary>A question to a receiver that delivers nothing, and what the answers mean.</summary>
/// <param name="Place">Where it is asked, given where events are sent to; null where it cannot be.</param>
/// <param name="Judge">What is known after the answer, as a part of a sentence that begins with the receiver; <see cref="Verdict.Accepted"/> also where it says nothing.</param>
/// <param name="Body">What is posted; null for a question without a body.</param>
internal sealed record Probe(Func<Uri, Uri?> Place, Func<Answer, Outcome> Judge, Func<Uri, string>? Body = null)
{
    /// <summary>What is known of a receiver that answers at all.</summary>
    public static Outcome OfHead(Answer answer) =>
        new(Verdict.Accepted, $"reachable (answered {answer.Status} to a HEAD request, which delivers nothing and proves no more)");
}
