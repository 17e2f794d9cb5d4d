using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OpCollector.Checkpoints;
using OpCollector.Detection.Sigma;
using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Detection;

/// <summary>
/// The detection stage: it shows each page to the rules in the order of delivery and continues with the correlations of the checkpoint,
/// so that a run after a crash makes the same findings again.
/// </summary>
/// <param name="rules">The rules, made when the first event is there: only then are the names known that watch lists are written in. Null
/// where nothing is looked for.</param>
/// <param name="onlyFindings">Whether the events themselves stay behind.</param>
internal sealed class DetectionStage(Func<InstalledRules>? rules, bool onlyFindings)
{
    InstalledRules? _book;
    DropRules? _drop;
    Detector? _detector;

    /// <summary>The rules of what is not delivered, made with the first event as well; null where all of it is.</summary>
    public Func<DropRules>? Drop { get; init; }

    /// <summary>What is wrong with watch lists, and what correlations have had to forget; nothing before there was an event.</summary>
    public IReadOnlyList<string> Warnings => [.. _book?.Warnings ?? [], .. _detector?.Warnings ?? []];

    /// <summary>Whether the findings of a rule are wanted.</summary>
    public bool Reports(RuleInfo rule) => rules is not null && rules().Statuses.Any(status => status.Rule.Id == rule.Id && status.IsActive);

    /// <param name="correlations">What earlier runs left to remember.</param>
    public async IAsyncEnumerable<DetectedPage> LookAsync(
        IAsyncEnumerable<EventPage> pages, ImmutableArray<KeptGroup> correlations, [EnumeratorCancellation] CancellationToken ct = default)
    {
        // Pages that were looked at and not delivered are forgotten.
        _detector = null;
        await foreach (var page in pages.WithCancellation(ct))
        {
            // Each finding copies its event: what a large page has cost until now has to go first.
            LargeMemory.Return(page.Bytes);
            var watched = Look(page, correlations);
            correlations = watched.Correlations;
            yield return watched;
        }
    }

    DetectedPage Look(EventPage page, ImmutableArray<KeptGroup> correlations)
    {
        if (page.Events.Count == 0 || (rules is null && Drop is null))
        {
            return new DetectedPage(page, page.Events, correlations);
        }

        var dropped = Dropped(page);
        if (rules is null)
        {
            return new DetectedPage(page, [.. page.Events.Where(each => !dropped.Contains(each))], correlations, dropped.Count);
        }

        var detector = _detector ??= Begin(rules(), correlations);
        var items = new List<ActivityEvent>(page.Events.Count);
        foreach (var each in page.Events)
        {
            if (!onlyFindings && !dropped.Contains(each))
            {
                items.Add(each);
            }

            items.AddRange(detector.Evaluate(each.Bytes, page.Stream, each.Id, each.Time).Select(finding => finding.AsEvent()));
        }

        return new DetectedPage(
            page, items, [.. detector.Memories.SelectMany(memory => memory.Kept).Select(group => group.Kept)], dropped.Count);
    }

    HashSet<ActivityEvent> Dropped(EventPage page)
    {
        _drop ??= Drop?.Invoke();
        var dropped = _drop is null ? [] : page.Events.Where(each => _drop.Has(each, page.Stream));
        return dropped.ToHashSet<ActivityEvent>(ReferenceEqualityComparer.Instance);
    }

    // From then on it remembers by itself what it hands out.
    Detector Begin(InstalledRules book, ImmutableArray<KeptGroup> correlations)
    {
        _book = book;
        var detector = book.Detector();
        foreach (var group in correlations)
        {
            // A rule that is no longer there, or has fewer parts than it had, has nothing to remember.
            if (detector.Memories.FirstOrDefault(memory => memory.Rule.Info.Id == group.Rule) is { } memory)
            {
                memory.Restore(group.Key, group.FiredAt, group.Matches
                    .Where(match => match.Member < memory.Rule.Members.Count)
                    .Select(Match.Of));
            }
        }

        return detector;
    }
}
