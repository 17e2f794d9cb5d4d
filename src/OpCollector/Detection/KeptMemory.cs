using System.Collections.Immutable;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;

namespace OpCollector.Detection;

/// <summary>What the rules remember as a run finds it, and as it leaves it page by page.</summary>
internal sealed class KeptMemory
{
    // A file is begun anew when it has doubled, and is 8 MB at most.
    const int LeastGrowth = 512 * 1024;
    const long MostBytes = 8 << 20;

    readonly RuleEngine _engine;
    readonly MemoryJournal _journal;
    MemoryMark _mark;
    long _begun;
    bool _isWhole;

    /// <param name="earlier">What a version before this one left in the checkpoint.</param>
    public KeptMemory(RuleEngine engine, RuleMemoryFile file, MemoryMark mark, ImmutableArray<KeptGroup> earlier)
    {
        (_engine, _mark) = (engine, mark);
        var (changes, isWhole) = file.Read(mark);
        var replay = engine.Replay();
        var isRead = changes.All(replay.Apply);
        _isWhole = isWhole && isRead;
        _begun = changes is [var first, ..] ? first.Length : 0;
        IsDamaged = mark.File > 0 && (!isRead || changes.Sum(each => (long)RuleMemoryFile.Frame(each).Length) < mark.Length);
        foreach (var group in earlier)
        {
            Restore(group);
        }

        _journal = new MemoryJournal(replay.Rules);
        engine.WriteTo(_journal);
    }

    /// <summary>Whether something of it could not be read, and is forgotten.</summary>
    public bool IsDamaged { get; }

    /// <summary>What has changed since it was last asked, and where the memory ends with it.</summary>
    public MemoryChange DrainChanges()
    {
        var changes = _journal.DrainChanges();
        if (changes.Length == 0 && (_isWhole || _mark.File == 0))
        {
            return new MemoryChange(_mark, []);
        }

        var length = _mark.Length + changes.Length;
        var isNew = !_isWhole || length > MostBytes || length > (2 * _begun) + LeastGrowth;
        var bytes = RuleMemoryFile.Frame(isNew ? Whole() : changes);
        _mark = isNew ? new MemoryMark(_mark.File + 1, bytes.Length) : _mark with { Length = _mark.Length + bytes.Length };
        _mark = _mark with { Due = _engine.Due };
        (_begun, _isWhole) = (isNew ? bytes.Length : _begun, true);
        return new MemoryChange(_mark, bytes);
    }

    byte[] Whole()
    {
        _journal.BeginAnew();
        foreach (var memory in _engine.Memories)
        {
            // What can matter no more is not read again, so that this run, too, must not go by it.
            memory.ForgetWhatIsOver();
            memory.Save(_journal);
        }

        return _journal.DrainChanges();
    }

    // A rule that is no longer there, or has fewer parts than it had, has nothing to remember.
    void Restore(KeptGroup group)
    {
        if (_engine.Memories.OfType<CorrelationMemory>().FirstOrDefault(memory => memory.Rule.Info.Id == group.Rule) is { } memory)
        {
            memory.Restore(
                group.Key.ToUpperInvariant(),
                group.FiredAt is { } fired ? (fired, fired) : null,
                group.Matches.Where(match => match.Member < memory.Rule.Members.Count)
                    .Select(match => new RuleMatch(match.Time, [.. match.Ids], match.Member, match.Value?.ToUpperInvariant())));
        }
    }
}
