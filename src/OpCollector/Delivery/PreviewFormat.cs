using OpCollector.Delivery.Forms;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>How a dry run prints a batch.</summary>
internal abstract class PreviewFormat
{
    public abstract ReadOnlyMemory<byte> Print(Batch batch);
}

/// <summary>For a program: what would be sent, one item on each line, in the form and the order of the routes.</summary>
/// <param name="usual">The form of the sink itself.</param>
/// <param name="routes">The forms of the routes, by name.</param>
internal sealed class NdjsonPreview(SentForm usual, IReadOnlyDictionary<string, SentForm> routes) : PreviewFormat
{
    public override ReadOnlyMemory<byte> Print(Batch batch)
    {
        var items = batch.Events.ToLookup(each => each.IsFinding);
        var events = routes.GetValueOrDefault(batch.Stream, usual);
        return routes.TryGetValue(Route.Findings, out var findings)
            ? (byte[])[.. Lines(events, batch.Stream, [.. items[false]]).Span, .. Lines(findings, batch.Stream, [.. items[true]]).Span]
            : Lines(events, batch.Stream, batch.Events);
    }

    static ReadOnlyMemory<byte> Lines(SentForm form, string stream, IReadOnlyList<ActivityEvent> items)
    {
        using var formed = form.Apply(items, stream);
        return NdjsonLines.Write(new Batch(stream, formed.Items));
    }
}
