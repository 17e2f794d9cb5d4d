using System.Collections.Immutable;
using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Detection;

/// <summary>Decides which events of a page are not delivered: those of some streams (<c>sink.only</c>), and those that a rule of
/// <c>sink.drop</c> matches. Findings are always delivered.</summary>
/// <param name="withheld">The streams whose events are not delivered.</param>
/// <param name="drop">The files and directories with the rules of <c>sink.drop</c>.</param>
/// <param name="lists">The watch lists that these rules ask for.</param>
internal sealed class EventFilter(ImmutableArray<string> withheld, ImmutableArray<string> drop, WatchlistEntries lists)
{
    DropRules? _rules;
    Watchlists? _lists;

    /// <summary>A filter for runs that deliver every event.</summary>
    public static EventFilter DeliverAll() => new([], [], WatchlistEntries.None);

    /// <summary>What is wrong with the rules and with their watch lists; empty before the first event that they are shown.</summary>
    public IReadOnlyList<string> Warnings =>
        _rules is null || _lists is null ? [] : [.. _lists.Warnings(_rules.Lists.OfUuids), .. _rules.Warnings];

    /// <summary>Whether the events of a stream are not delivered.</summary>
    public bool Withholds(string stream) => withheld.Contains(stream);

    /// <summary>The events of a page that a rule drops. None are where the whole stream is withheld.</summary>
    /// <exception cref="Failure">A rule is wrong (78).</exception>
    public HashSet<ActivityEvent> FindDropped(NamedPage page)
    {
        var dropped = new HashSet<ActivityEvent>(ReferenceEqualityComparer.Instance);
        if (!drop.IsEmpty && !Withholds(page.Page.Stream))
        {
            // The rules are loaded with the first event, because only then the names of watch lists are known.
            _lists ??= lists.LookUp(page.Names);
            _rules ??= DropRules.Read(drop, _lists);
            dropped.UnionWith(page.Page.Events.Where(each => _rules.Has(each, page.Page.Stream)));
        }

        return dropped;
    }
}
