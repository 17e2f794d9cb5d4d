using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// Decides how a stream is asked after a question that failed: from a time instead of the cursor, or for fewer events. In both cases from a
/// time, because a cursor that 1Password rejects is useless, and one that it accepts keeps its page size.
/// </summary>
internal sealed class StreamRestarts(EventStream stream, StreamQueries queries, ILogger log)
{
    bool _hasGivenUpCursor;

    /// <summary>Makes the next question one that may succeed.</summary>
    /// <param name="cursor">The cursor of the question that failed; null where it was asked from a time.</param>
    /// <exception cref="Failure">No other question would help.</exception>
    public void Prepare(EventsApiFailure failure, string? cursor)
    {
        if (failure.Kind == EventsApiFailureKind.BadRequest && cursor is not null && !_hasGivenUpCursor)
        {
            _hasGivenUpCursor = true;
            return;
        }

        if (!failure.MayFitSmallerPage || !queries.TryHalveLimit())
        {
            throw failure.ToFailure();
        }

        log.Information(
            "{Reason:l}; asking for {Limit} {Stream:l} at a time. What was delivered before is known again, and nothing is lost",
            failure.Text,
            queries.Limit,
            stream.Words);
    }
}
