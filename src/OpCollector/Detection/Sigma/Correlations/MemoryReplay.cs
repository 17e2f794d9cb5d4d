using System.Text;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// Makes the changes of a <see cref="MemoryJournal"/> again, in the same order, so that the rules remember the same. What a rule remembered
/// that is no longer there is passed over, and so is what a clock that was ahead has left of a time still to come.
/// </summary>
internal sealed class MemoryReplay(IEnumerable<RuleMemory> memories, MemoryBound bound, BelievedTimes times)
{
    // More than a match can have; a file that says more is damaged.
    const int MostTexts = 100_000;

    readonly Dictionary<string, RuleMemory> _memories = memories.ToDictionary(memory => memory.Rule.Info.Id);
    readonly List<string> _rules = [];

    /// <summary>The ids of the rules that have a number in the file so far.</summary>
    public IReadOnlyList<string> Rules => _rules;

    /// <returns>Whether it could be read to its end.</returns>
    public bool Apply(byte[] changes)
    {
        using var reader = new BinaryReader(new MemoryStream(changes), Encoding.UTF8);
        try
        {
            while (reader.BaseStream.Position < changes.Length)
            {
                ApplyOne(reader);
            }

            return true;
        }
        catch (Exception ex) when (ex is IOException or FormatException or ArgumentException or InvalidDataException)
        {
            return false;
        }
    }

    // Long: a table of the changes, one after the other.
    void ApplyOne(BinaryReader reader)
    {
        var change = (JournalEntryKind)reader.ReadByte();
        if (change == JournalEntryKind.Rule)
        {
            _rules.Add(reader.ReadString());
            return;
        }

        if (change == JournalEntryKind.Bounded)
        {
            bound.Keep();
            return;
        }

        var number = reader.Read7BitEncodedInt();
        var memory = number >= 0 && number < _rules.Count ? _memories.GetValueOrDefault(_rules[number]) : throw new InvalidDataException();
        switch (change)
        {
            case JournalEntryKind.Added:
                var (added, match) = (reader.ReadString(), ReadMatch(reader));
                if (match.Member < memory?.Rule.Members.Count && memory is not SeenMemory && !times.IsToCome(match.Time))
                {
                    memory.Add(added, match);
                }

                break;
            case JournalEntryKind.Group:
                RestoreGroup(memory as CorrelationMemory, reader);
                break;
            case JournalEntryKind.Seen:
                var (hash, value) = ((ulong)reader.ReadInt64(), new SeenValue((int)reader.ReadInt64(), (int)reader.ReadInt64()));
                if (!times.IsToCome(value.LastTime))
                {
                    (memory as SeenMemory)?.Restore(hash, value);
                }

                break;
            case JournalEntryKind.Waiting:
                var (waiting, first) = (reader.ReadString(), ReadMatch(reader));
                if (!times.IsToCome(first.Time))
                {
                    (memory as AbsenceMemory)?.Restore(waiting, first);
                }

                break;
            case JournalEntryKind.Due:
                memory?.Due(ReadTime(reader) ?? throw new InvalidDataException());
                break;
            default:
                throw new InvalidDataException();
        }
    }

    void RestoreGroup(CorrelationMemory? memory, BinaryReader reader)
    {
        var key = reader.ReadString();
        var (from, to) = (ReadTime(reader), ReadTime(reader));
        var matches = Enumerable.Range(0, Count(reader)).Select(_ => ReadMatch(reader)).ToArray();
        RuleMatch[] kept = [.. matches.Where(match => match.Member < memory?.Rule.Members.Count && !times.IsToCome(match.Time))];
        if (kept.Length > 0)
        {
            memory?.Restore(key, from is null || to is null ? null : (from.Value, to.Value), kept);
        }
    }

    static RuleMatch ReadMatch(BinaryReader reader)
    {
        var time = ReadTime(reader) ?? throw new InvalidDataException();
        var member = reader.Read7BitEncodedInt();
        var value = reader.ReadBoolean() ? reader.ReadString() : null;
        string[] ids = [.. Enumerable.Range(0, Count(reader)).Select(_ => reader.ReadString())];
        return member >= 0 && ids.Length > 0 ? new RuleMatch(time, ids, member, value) : throw new InvalidDataException();
    }

    static int Count(BinaryReader reader) =>
        reader.Read7BitEncodedInt() is >= 0 and <= MostTexts and var count ? count : throw new InvalidDataException();

    static DateTimeOffset? ReadTime(BinaryReader reader) => reader.ReadInt64() switch
    {
        -1 => null,
        >= 0 and var ticks when ticks <= DateTimeOffset.MaxValue.Ticks => new DateTimeOffset(ticks, TimeSpan.Zero),
        _ => throw new InvalidDataException(),
    };
}
