using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// Writes down what changes in the memory of rules, change by change, so that <see cref="MemoryReplay"/> makes the same again. A rule is
/// named once in a file, and has a number from then on.
/// </summary>
/// <param name="rules">The ids of the rules that have a number in the file so far.</param>
internal sealed class MemoryJournal(IEnumerable<string> rules)
{
    readonly Dictionary<string, int> _rules = rules.Select((rule, number) => (rule, number))
        .ToDictionary(each => each.rule, each => each.number);

    const byte More = 0x80;

    readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What has changed since it was last asked.</summary>
    public byte[] DrainChanges()
    {
        var bytes = _bytes.WrittenSpan.ToArray();
        _bytes.ResetWrittenCount();
        return bytes;
    }

    /// <summary>Begins another file, in which no rule has a number yet.</summary>
    public void BeginAnew()
    {
        DrainChanges();
        _rules.Clear();
    }

    public void Added(string rule, string key, RuleMatch match)
    {
        Begin(JournalEntryKind.Added, rule);
        Write(key);
        Write(match);
    }

    public void Group(string rule, CorrelationGroup group)
    {
        Begin(JournalEntryKind.Group, rule);
        Write(group.Key);
        Write(group.Told?.From.UtcTicks ?? -1);
        Write(group.Told?.To.UtcTicks ?? -1);
        WriteNumber(group.Matches.Count);
        foreach (var match in group.Matches)
        {
            Write(match);
        }
    }

    public void Seen(string rule, ulong hash, SeenValue value)
    {
        Begin(JournalEntryKind.Seen, rule);
        Write((long)hash);
        Write((long)value.First);
        Write((long)value.Last);
    }

    public void Waiting(string rule, string key, RuleMatch match)
    {
        Begin(JournalEntryKind.Waiting, rule);
        Write(key);
        Write(match);
    }

    public void Due(string rule, DateTimeOffset now)
    {
        Begin(JournalEntryKind.Due, rule);
        Write(now.UtcTicks);
    }

    /// <summary>That the bound made the rules forget something here.</summary>
    public void Bounded() => Write((byte)JournalEntryKind.Bounded);

    void Begin(JournalEntryKind change, string rule)
    {
        if (!_rules.TryGetValue(rule, out var number))
        {
            number = _rules[rule] = _rules.Count;
            Write((byte)JournalEntryKind.Rule);
            Write(rule);
        }

        Write((byte)change);
        WriteNumber(number);
    }

    void Write(byte value) => _bytes.Write([value]);

    void Write(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    void Write(string text)
    {
        WriteNumber(Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, _bytes);
    }

    // As BinaryReader reads it: seven bits in a byte, the lowest first.
    void WriteNumber(int number)
    {
        for (; number >= More; number >>= 7)
        {
            Write((byte)(number | More));
        }

        Write((byte)number);
    }

    void Write(RuleMatch match)
    {
        Write(match.Time.UtcTicks);
        WriteNumber(match.Member);
        Write((byte)(match.Value is null ? 0 : 1));
        if (match.Value is { } value)
        {
            Write(value);
        }

        WriteNumber(match.Ids.Length);
        foreach (var id in match.Ids)
        {
            Write(id);
        }
    }
}

/// <summary>What kind of change comes next in a journal.</summary>
internal enum JournalEntryKind : byte
{
    /// <summary>A rule that has a number from here on.</summary>
    Rule,

    /// <summary>A match that was added.</summary>
    Added,

    /// <summary>A group as it was.</summary>
    Group,

    /// <summary>A value that was seen.</summary>
    Seen,

    /// <summary>A match that something is to follow.</summary>
    Waiting,

    /// <summary>A moment that showed what had not happened.</summary>
    Due,

    /// <summary>The bound made the rules forget something.</summary>
    Bounded,
}
