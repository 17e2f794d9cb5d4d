using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Detection;

/// <summary>
/// The stage between names and delivery: it adds findings behind their events, and leaves out the events that are not to be delivered.
/// </summary>
/// <param name="filter">Which events are not delivered.</param>
/// <param name="file">Where the rules keep what they remember.</param>
internal abstract class DetectionStage(EventFilter filter, RuleMemoryFile file)
{
    /// <summary>What is wrong with watch lists, and what correlations had to forget; empty before the first event.</summary>
    public abstract IReadOnlyList<string> Warnings { get; }

    protected EventFilter Filter => filter;

    protected RuleMemoryFile MemoryFile => file;

    /// <summary>Whether the findings of a rule are wanted.</summary>
    public abstract bool Reports(RuleInfo rule);

    /// <summary>
    /// Finds what rules have waited for without success, where no later event shows it: the findings, and what is to be remembered once
    /// they are delivered. Call it only when all pages up to the mark are delivered.
    /// </summary>
    /// <param name="mark">As for <see cref="DetectAsync"/>.</param>
    /// <param name="earlier">As for <see cref="DetectAsync"/>.</param>
    public abstract (IReadOnlyList<ActivityEvent> Findings, MemoryChange Remembered) Overdue(
        MemoryMark mark, ImmutableArray<KeptGroup> earlier, DateTimeOffset now);

    /// <summary>Keeps what is to be remembered once a page is delivered. It is on the disk when this returns.</summary>
    public void Remember(MemoryChange change) => file.Write(change);

    /// <summary>Yields each page with its findings. What was remembered of pages that were not delivered is forgotten first.</summary>
    /// <param name="mark">Up to where earlier runs have written down what the rules remember.</param>
    /// <param name="earlier">What a version before this one left in the checkpoint.</param>
    public async IAsyncEnumerable<DetectedPage> DetectAsync(
        IAsyncEnumerable<NamedPage> pages,
        MemoryMark mark,
        ImmutableArray<KeptGroup> earlier,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        Forget();
        await foreach (var page in pages.WithCancellation(ct))
        {
            // Findings contain their event, so the memory that a large page needed until now is freed first.
            LargeMemory.Return(page.Page.Bytes);
            yield return Detect(page, mark, earlier);
        }
    }

    /// <summary>Forgets what the pages since the mark have changed.</summary>
    protected abstract void Forget();

    protected abstract DetectedPage Detect(NamedPage page, MemoryMark mark, ImmutableArray<KeptGroup> earlier);
}

/// <summary>The stage of a run that makes no findings.</summary>
internal sealed class DropStage(EventFilter filter, RuleMemoryFile file) : DetectionStage(filter, file)
{
    public override IReadOnlyList<string> Warnings => Filter.Warnings;

    public override bool Reports(RuleInfo rule) => false;

    public override (IReadOnlyList<ActivityEvent> Findings, MemoryChange Remembered) Overdue(
        MemoryMark mark, ImmutableArray<KeptGroup> earlier, DateTimeOffset now) => ([], new MemoryChange(mark, []));

    protected override void Forget()
    {
    }

    protected override DetectedPage Detect(NamedPage page, MemoryMark mark, ImmutableArray<KeptGroup> earlier)
    {
        var dropped = Filter.FindDropped(page);
        var items = Filter.Withholds(page.Page.Stream) ? []
            : dropped.Count == 0 ? page.Page.Events
            : [.. page.Page.Events.Where(each => !dropped.Contains(each))];
        return new DetectedPage(page.Page, items, new MemoryChange(mark, []), dropped.Count);
    }
}

/// <summary>
/// The stage of a run that makes findings. It shows each page to the rules in the order of delivery, with the names that came with the
/// run's first event, and goes on with what the rules remembered at the checkpoint: so a run after a crash makes the same findings again.
/// </summary>
/// <param name="known">The names of earlier runs, for a run that has no event.</param>
internal sealed class RuleStage(RuleLoader loader, KnownNames known, EventFilter filter, RuleMemoryFile file) : DetectionStage(filter, file)
{
    // How late an event that ends a wait may still arrive.
    static readonly TimeSpan Lateness = TimeSpan.FromMinutes(10);

    const string Damaged = "What the rules remembered is damaged, or missing; they have forgotten it and begin anew";

    InstalledRules? _rules;
    RunningRules? _running;

    public override IReadOnlyList<string> Warnings =>
    [
        .. (_rules?.Warnings ?? []).Union(Filter.Warnings),
        .. _running?.Engine.Warnings ?? [],
        .. _running is { Memory.IsDamaged: true } ? [Damaged] : Array.Empty<string>(),
    ];

    public override bool Reports(RuleInfo rule)
    {
        _rules ??= loader.Load(known.Book);
        return _rules.Statuses.Any(status => status.Rule.Id == rule.Id && status.IsActive);
    }

    public override (IReadOnlyList<ActivityEvent> Findings, MemoryChange Remembered) Overdue(
        MemoryMark mark, ImmutableArray<KeptGroup> earlier, DateTimeOffset now)
    {
        var over = now.Minus(Lateness);
        if (!(mark.Due <= over))
        {
            return ([], new MemoryChange(mark, []));
        }

        _rules ??= loader.Load(known.Book);
        var (engine, memory) = Run(_rules, mark, earlier, backlog: TimeSpan.Zero);
        return ([.. engine.Overdue(over).Select(finding => finding.AsEvent())], memory.DrainChanges());
    }

    protected override void Forget() => _running = null;

    protected override DetectedPage Detect(NamedPage page, MemoryMark mark, ImmutableArray<KeptGroup> earlier)
    {
        var (stream, events) = (page.Page.Stream, page.Page.Events);
        if (events.Count == 0)
        {
            return new DetectedPage(page.Page, events, _running?.Memory.DrainChanges() ?? new MemoryChange(mark, []));
        }

        _rules ??= loader.Load(page.Names);
        var (engine, memory) = Run(_rules, mark, earlier, page.Page.Position.Backlog(_rules.Clock.GetUtcNow()));
        var (isWithheld, dropped) = (Filter.Withholds(stream), Filter.FindDropped(page));
        var items = new List<ActivityEvent>(events.Count);
        foreach (var each in events)
        {
            if (!isWithheld && !dropped.Contains(each))
            {
                items.Add(each);
            }

            items.AddRange(engine.Evaluate(each.Bytes, stream, each.Id, each.Time).Select(finding => finding.AsEvent()));
        }

        return new DetectedPage(page.Page, items, memory.DrainChanges(), dropped.Count);
    }

    // Of two streams that catch up, one may be done before the other begins: what the rules remember of it has to last until then.
    RunningRules Run(InstalledRules rules, MemoryMark mark, ImmutableArray<KeptGroup> earlier, TimeSpan backlog)
    {
        if (_running is null)
        {
            var engine = (rules.Lateness < backlog ? rules with { Lateness = backlog } : rules).CreateEngine();
            _running = new RunningRules(engine, new KeptMemory(engine, MemoryFile, mark, earlier));
        }

        return _running;
    }

    /// <summary>The rules at work, and what they remember.</summary>
    sealed record RunningRules(RuleEngine Engine, KeptMemory Memory);
}
