using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// Notices a stream that would never come to its end: it promises more, and gives a cursor that it gave before, or page after page
/// with nothing in them that it had not shown.
/// </summary>
internal sealed class EndlessStream
{
    // Some stand in the middle of a stream; a stream of the last 120 days has fewer of them in a row.
    const int MostInVain = 100;

    readonly HashSet<ulong> _asked = [];
    readonly HashSet<ulong> _shown = [];
    int _inVain;

    /// <summary>Why it makes no sense to ask on behind a page that promises more; null where it does.</summary>
    /// <param name="asked">The cursor that the page was asked for with; null where it was asked for by time.</param>
    public Failure? Objection(string? asked, EventsApiPage page)
    {
        if (asked is not null)
        {
            _asked.Add(Hash(asked));
        }

        var isInVain = page.IsEmpty || !_shown.Add(Hash(page));
        _inVain = isInVain ? _inVain + 1 : 0;
        return _asked.Contains(Hash(page.Cursor)) ? Endless("gave a cursor that it had given before")
            : _inVain == MostInVain ? Endless($"showed {MostInVain} pages in a row with nothing new in them")
            : null;
    }

    static Failure Endless(string what) => new(
        ExitCode.SourceData,
        $"1Password {what}, and says that there are more: it would go on like this for ever; nothing is skipped, the next run "
            + "asks again");

    static ulong Hash(string cursor) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(cursor.AsSpan()));

    static ulong Hash(EventsApiPage page)
    {
        var hash = new XxHash3();
        foreach (var each in page.Events)
        {
            hash.Append(each.Bytes.Span);
        }

        foreach (var each in page.Malformed)
        {
            hash.Append(each.Bytes.Span);
        }

        return hash.GetCurrentHashAsUInt64();
    }
}
