using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>The streams that cannot be read in a run, and why; reported together at its end, in one line.</summary>
internal sealed class StreamFailures
{
    readonly Lock _adding = new();
    readonly List<(EventStream Stream, Failure Failure)> _all = [];

    /// <summary>All of them as one; null where there is none.</summary>
    public Failure? Combined
    {
        get
        {
            lock (_adding)
            {
                var reasons = _all.OrderBy(each => EventStream.All.IndexOf(each.Stream))
                    .GroupBy(each => each.Failure.Message, each => each.Stream.Words);
                return _all.Count == 0 ? null : new Failure(
                    _all.Select(each => each.Failure.Code).Aggregate(ExitCodes.Worst),
                    string.Join(". ", reasons.Select(reason => $"The {string.Join(", ", reason)}: {reason.Key}")));
            }
        }
    }

    public void Add(EventStream stream, Failure failure)
    {
        lock (_adding)
        {
            _all.RemoveAll(each => each.Stream == stream);
            _all.Add((stream, failure));
        }
    }
}
