using System.Globalization;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;

namespace OpCollector.Cli.Printing;

/// <summary>A position that <c>checkpoint reset</c> has forgotten: what the next run skips because of it, and how to undo it.</summary>
/// <param name="position">Null where there was none, or none that could be read.</param>
internal sealed class ForgottenPosition(Position? position, string directory, StartingPoint start, DateTimeOffset now)
{
    public IEnumerable<string> Lines
    {
        get
        {
            yield return position is null
                ? $"forgotten: no readable position in {directory}"
                : $"forgotten: {position.Text} of {position.SourceText} in {directory}";
            yield return Next;
            if (position is OpPosition { LastEventId: > 0 } op)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"to undo: opcollector checkpoint set {op.LastEventId}");
            }
        }
    }

    // Of streams the one that is farthest behind: what is newer of the others may be delivered twice, but nothing is missed.
    DateTimeOffset? DeliveredUpTo => position is StreamPositions { Streams.Count: > 0 } api
        ? api.Streams.Values.Min(each => each.LastEventTime ?? each.AskFrom)
        : position?.LastEventTime;

    string Next => (start, DeliveredUpTo) switch
    {
        ({ Ago: { } ago }, { } last) when now.Minus(ago) is var begin && begin > last =>
            $"The next run begins at start ({start.Text}). " +
            $"It skips what happened between {last.UtcDateTime:u} and {begin.UtcDateTime:u}; " +
            $"deliver that with: opcollector backfill --since {last.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        ({ Text: "latest" }, { } last) =>
            $"The next run begins at start (latest). It skips what happened since {last.UtcDateTime:u} and before that run; " +
            $"deliver that with: opcollector backfill --since {last.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        (_, null) => $"The next run begins at start ({start.Text})",
        _ => $"The next run begins at start ({start.Text}) and skips nothing; it delivers again what comes after that",
    };
}
