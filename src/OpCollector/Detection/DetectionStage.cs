using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Events;
using OpCollector.Sources;

namespace OpCollector.Detection;

/// <summary>
/// The detection stage: it shows each page to the rules in the order of delivery and goes on with what they remembered at the checkpoint,
/// so that a run after a crash makes the same findings again.
/// </summary>
/// <param name="rules">The rules, made when the first event is there: only then are the names known that watch lists are written in. Null
/// where nothing is looked for.</param>
/// <param name="leftBehind">The streams whose events themselves stay behind.</param>
/// <param name="file">Where the rules keep what they remember.</param>
internal sealed class DetectionStage(Func<InstalledRules>? rules, ImmutableArray<string> leftBehind, RuleMemoryFile file)
{
    // How late what is waited for may still be shown.
    static readonly TimeSpan Lateness = TimeSpan.FromMinutes(10);

    const string Damaged = "What the rules remembered is damaged, or missing; they have forgotten it and begin anew";

    InstalledRules? _book;
    DropRules? _drop;
    RuleEngine? _engine;
    KeptMemory? _memory;

    /// <summary>The rules of what is not delivered, made with the first event as well; null where all of it is.</summary>
    public Func<DropRules>? Drop { get; init; }

    /// <summary>What is wrong with watch lists, and what correlations have had to forget; nothing before there was an event.</summary>
    public IReadOnlyList<string> Warnings =>
    [
        .. _book?.Warnings ?? [],
        .. _engine?.Warnings ?? [],
        .. _memory is { IsDamaged: true } ? [Damaged] : Array.Empty<string>(),
    ];

    /// <summary>Whether the findings of a rule are wanted.</summary>
    public bool Reports(RuleInfo rule) => rules is not null && rules().Statuses.Any(status => status.Rule.Id == rule.Id && status.IsActive);

    /// <summary>Keeps what is to be remembered once a page is delivered. It is on the disk when this returns.</summary>
    public void Remember(RememberedPage page) => file.Write(page);

    /// <param name="mark">Up to where earlier runs have written down what the rules remember.</param>
    /// <param name="earlier">What a version before this one left in the checkpoint.</param>
    public async IAsyncEnumerable<DetectedPage> LookAsync(
        IAsyncEnumerable<EventPage> pages,
        MemoryMark mark,
        ImmutableArray<KeptGroup> earlier,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        // Pages that were looked at and not delivered are forgotten.
        (_engine, _memory) = (null, null);
        await foreach (var page in pages.WithCancellation(ct))
        {
            // Each finding copies its event: what a large page has cost until now has to go first.
            LargeMemory.Return(page.Bytes);
            yield return Look(page, mark, earlier);
        }
    }

    /// <summary>
    /// What rules have waited for in vain, and no event after it shows: the findings, and what is to be remembered once they are delivered.
    /// All pages up to the mark are.
    /// </summary>
    /// <param name="mark">As for <see cref="LookAsync"/>.</param>
    public (IReadOnlyList<ActivityEvent> Findings, RememberedPage Remembered) Overdue(
        MemoryMark mark, ImmutableArray<KeptGroup> earlier, DateTimeOffset now)
    {
        var over = now.Minus(Lateness);
        if (rules is null || !(mark.Due <= over))
        {
            return ([], new RememberedPage(mark, []));
        }

        var (engine, memory) = Open(rules, mark, earlier);
        return ([.. engine.Overdue(over).Select(finding => finding.AsEvent())], memory.TakeChanges());
    }

    DetectedPage Look(EventPage page, MemoryMark mark, ImmutableArray<KeptGroup> earlier)
    {
        var staysBehind = leftBehind.Contains(page.Stream);
        if (page.Events.Count == 0 || (rules is null && Drop is null && !staysBehind))
        {
            return new DetectedPage(page, page.Events, _memory?.TakeChanges() ?? new RememberedPage(mark, []));
        }

        var dropped = staysBehind ? [] : Dropped(page);
        if (rules is null)
        {
            return new DetectedPage(
                page, [.. page.Events.Where(each => !staysBehind && !dropped.Contains(each))], new RememberedPage(mark, []), dropped.Count);
        }

        var (engine, memory) = Open(rules, mark, earlier);
        var items = new List<ActivityEvent>(page.Events.Count);
        foreach (var each in page.Events)
        {
            if (!staysBehind && !dropped.Contains(each))
            {
                items.Add(each);
            }

            items.AddRange(engine.Evaluate(each.Bytes, page.Stream, each.Id, each.Time).Select(finding => finding.AsEvent()));
        }

        return new DetectedPage(page, items, memory.TakeChanges(), dropped.Count);
    }

    (RuleEngine Detector, KeptMemory Memory) Open(Func<InstalledRules> rules, MemoryMark mark, ImmutableArray<KeptGroup> earlier)
    {
        if (_engine is null || _memory is null)
        {
            _book = rules();
            _engine = _book.Detector();
            _memory = new KeptMemory(_engine, file, mark, earlier);
        }

        return (_engine, _memory);
    }

    HashSet<ActivityEvent> Dropped(EventPage page)
    {
        _drop ??= Drop?.Invoke();
        var dropped = _drop is null ? [] : page.Events.Where(each => _drop.Has(each, page.Stream));
        return dropped.ToHashSet<ActivityEvent>(ReferenceEqualityComparer.Instance);
    }
}
