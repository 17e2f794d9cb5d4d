using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;

namespace OpCollector.Cli;

/// <summary>
/// Explains the events of files as a run would have: names and a sentence for those that no run has explained. What was delivered has its
/// sentence, and stays as it is.
/// </summary>
internal sealed class FileNaming(NameBook names)
{
    // Events are written behind one another into one piece of memory, which goes with the last of them.
    const int AtOnce = 500;
    const int PieceOfMemory = 1 << 20;

    readonly Dictionary<Dialect, Enricher> _enrichers = [];
    int _explained;

    public ReadOnlyMemory<byte> Explain(ReadOnlyMemory<byte> bytes, in UntaggedEvent marks)
    {
        if (bytes.Span.IndexOf("\"summary\":"u8) >= 0)
        {
            return bytes;
        }

        if (++_explained % AtOnce == 0)
        {
            _enrichers.Clear();
        }

        var dialect = bytes.Span.IndexOf("\"eid\":"u8) >= 0 ? Dialect.Op : Dialect.EventsApi;
        if (!_enrichers.TryGetValue(dialect, out var enricher))
        {
            _enrichers[dialect] = enricher = new Enricher(dialect, names, Vocabulary.Standard, PieceOfMemory);
        }

        return enricher.Enrich(new ActivityEvent(0, marks.Time, bytes), marks.Stream!, unknown: null).Bytes;
    }
}
