using OpCollector.Events;
using OpCollector.Names.Words;

namespace OpCollector.Names;

/// <summary>Says of an event that no run has explained what a run would say of it, with the names that are known.</summary>
internal sealed class Sentences(NameBook names)
{
    // A longer event is not worth the copy.
    const int MostRead = 64 * 1024;

    public static readonly Sentences WithoutNames = new(NameBook.Empty);

    /// <summary>One plain sentence; null where none can be made.</summary>
    public string? Compose(ReadOnlyMemory<byte> bytes, string stream)
    {
        if (bytes.Length > MostRead)
        {
            return null;
        }

        var dialect = new EventMembers(bytes.Span, Dialect.Op).Has(EventMember.Id) ? Dialect.Op : Dialect.EventsApi;
        var explained = new Enricher(dialect, names, Vocabulary.Standard, 2 * bytes.Length)
            .Enrich(new ActivityEvent(0, null, bytes), stream, unknown: null);
        var sentence = new EventMembers(explained.Bytes.Span, dialect).Text(EventMember.Summary);
        return sentence.IsEmpty ? null : JsonText.Decode(sentence);
    }
}
