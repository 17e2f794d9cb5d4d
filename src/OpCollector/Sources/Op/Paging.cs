namespace OpCollector.Sources.Op;

/// <summary>
/// Decides where to ask next and what an answer proves, whatever the server means by "newer". The anchor: it asks from an id
/// that is not the newest known, so the answer must show the first known id above it, or there is a hole. Pure: no op, no disk.
/// </summary>
internal sealed class Paging
{
    // 1Password keeps 365 days of the log; what is younger than this has not gone by itself.
    static readonly TimeSpan SurelyKept = TimeSpan.FromDays(300);

    readonly SortedDictionary<long, DateTimeOffset?> _known = [];
    readonly HashSet<string> _knownMalformed;

    public Paging(OpPosition position)
    {
        foreach (var each in position.Recent)
        {
            _known[each.Eid] = each.Time;
        }

        _knownMalformed = [.. position.RecentMalformed];
        Asked = position.AskFrom;
    }

    /// <summary>The id to ask from; 0 where nothing is known yet, which is never sent.</summary>
    public long Asked { get; private set; }

    /// <summary>Whether there is only a position, and no event that was seen at it.</summary>
    public bool IsBare => _known.Count == 0;

    /// <summary>The first known id above the one asked from: the answer must show it.</summary>
    public long? Expected => _known.Keys.Where(eid => eid > Asked).Select(eid => (long?)eid).FirstOrDefault();

    /// <summary>Whether the last page taken brought nothing new and reaches to the end of what is known.</summary>
    public bool AtEnd { get; private set; }

    public PageVerdict Judge(OpPage page)
    {
        var isAbove = page.Events.Count > 0 && page.Events[^1].Eid > Asked;
        return page switch
        {
            _ when Asked == 0 => page.IsFull ? PageVerdict.NewestOnly : PageVerdict.Contiguous,
            { Events: [var lowest, ..] } when !isAbove && lowest.Eid < Asked => PageVerdict.Senseless,
            _ when Expected is { } expected && page.Shows(expected) => PageVerdict.Contiguous,
            { IsFull: true } when !isAbove => PageVerdict.Senseless,
            { IsFull: true } => Expected is null ? PageVerdict.Unproven : PageVerdict.NewestOnly,
            _ => Expected is null ? PageVerdict.Contiguous : PageVerdict.Gone,
        };
    }

    /// <summary>
    /// Of the known ids that the page should show and does not, the youngest: null when each of them is so old that the log may
    /// have let it go.
    /// </summary>
    public long? GoneTooEarly(OpPage page, DateTimeOffset now) => _known
        .Where(each => each.Key > Asked)
        .TakeWhile(each => !page.Shows(each.Key))
        .Where(each => each.Value is null || now - each.Value < SurelyKept)
        .Select(each => (long?)each.Key)
        .FirstOrDefault();

    /// <summary>Takes what is new in a page without a hole below it, and moves on to its newest event but one.</summary>
    /// <returns>Null when nothing in it is new.</returns>
    public NewEvents? Accept(OpPage page)
    {
        var above = page.Events.Where(each => each.Eid > Asked).ToList();
        var fresh = above.Where(each => !_known.ContainsKey(each.Eid)).ToList();
        var malformed = page.Malformed.Where(each => _knownMalformed.Add(each.Id)).ToList();
        foreach (var each in fresh)
        {
            _known[each.Eid] = each.Time;
        }

        // A full page of known events may end just where the new ones begin.
        AtEnd = fresh.Count == 0 && !(page.IsFull && above.Count > 1) && (above.Count == 0 || above[^1].Eid >= _known.Keys.Last());
        MoveTo(above switch
        {
            [.., var butOne, _] => butOne.Eid,
            // Only the first known id is shown, though more are known: ask from it, or the same answer would come for ever.
            [var only] when fresh.Count == 0 && !AtEnd => only.Eid,
            _ => Asked,
        });
        return fresh.Count + malformed.Count > 0 ? new NewEvents(fresh, malformed) : null;
    }

    void MoveTo(long eid)
    {
        Asked = eid;
        foreach (var passed in _known.Keys.TakeWhile(known => known < eid).ToList())
        {
            _known.Remove(passed);
        }
    }
}
