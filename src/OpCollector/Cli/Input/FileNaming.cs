using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;

namespace OpCollector.Cli.Input;

/// <summary>
/// Explains the events of files as a run would have: names and a sentence for those that no run has explained. What was delivered has its
/// sentence, and stays as it is.
/// </summary>
internal sealed class FileNaming(NameBook names)
{
    // Events are written behind one another into one piece of memory, which goes with the last of them.
    const int AtOnce = 1 << 20;

    // No event that 1Password writes is nearly as long, and to copy one of many megabytes takes them twice.
    const int Longest = 1 << 16;

    readonly Dictionary<Dialect, Enricher> _enrichers = [];
    int _explained;

    public ReadOnlyMemory<byte> Explain(ReadOnlyMemory<byte> bytes, in UntaggedEvent marks)
    {
        if (bytes.Length > Longest || bytes.Span.IndexOf("\"summary\":"u8) >= 0)
        {
            return bytes;
        }

        _explained += bytes.Length;
        if (_explained > AtOnce)
        {
            _explained = 0;
            _enrichers.Clear();
        }

        var dialect = bytes.Span.IndexOf("\"eid\":"u8) >= 0 ? Dialect.Op : Dialect.EventsApi;
        if (!_enrichers.TryGetValue(dialect, out var enricher))
        {
            _enrichers[dialect] = enricher = new Enricher(dialect, names, Vocabulary.Standard, 2 * AtOnce);
        }

        return enricher.Enrich(new ActivityEvent(0, marks.Time, bytes), marks.Stream!, unknown: null).Bytes;
    }
}
