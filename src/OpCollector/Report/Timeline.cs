using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Report;

/// <summary>
/// What happened when, in stretches of equal length: short ones at first, and longer ones as soon as there would be too many for a
/// picture.
/// </summary>
internal sealed class Timeline
{
    /// <summary>More would be too thin to be seen.</summary>
    public const int MostBuckets = 120;

    // Each holds the one before it without a rest. A week begins on a Monday, as the calendar of .NET does.
    static readonly int[] Hours = [1, 2, 6, 12, 24, 7 * 24, 28 * 24, 364 * 24, 3640 * 24, 36_400 * 24, 364_000 * 24];

    readonly Dictionary<long, TimelineBucket> _buckets = [];
    int _width;
    long _first = long.MaxValue;
    long _last = long.MinValue;

    /// <summary>How long each stretch is.</summary>
    public TimeSpan Width => TimeSpan.FromHours(Hours[_width]);

    public bool IsEmpty => _buckets.Count == 0;

    /// <summary>All of them from the first event to the last; null where nothing happened.</summary>
    public IEnumerable<(DateTimeOffset From, TimelineBucket? Bucket)> All
    {
        get
        {
            for (var at = _first; at <= _last; at++)
            {
                yield return (new DateTimeOffset(at * Width.Ticks, TimeSpan.Zero), _buckets.GetValueOrDefault(at));
            }
        }
    }

    public void Add(DateTimeOffset time, ShownEvent each) => BucketAt(time).Add(each);

    public void Add(DateTimeOffset time, KeptFinding finding) => BucketAt(time).Add(finding);

    TimelineBucket BucketAt(DateTimeOffset time)
    {
        var at = time.UtcTicks / Width.Ticks;
        (_first, _last) = (Math.Min(_first, at), Math.Max(_last, at));
        while (_last - _first >= MostBuckets)
        {
            Widen();
        }

        at = time.UtcTicks / Width.Ticks;
        return _buckets.TryGetValue(at, out var known) ? known : _buckets[at] = new TimelineBucket();
    }

    void Widen()
    {
        var times = Hours[_width + 1] / Hours[_width];
        _width++;
        var before = _buckets.OrderBy(each => each.Key).ToArray();
        _buckets.Clear();
        foreach (var (at, bucket) in before)
        {
            if (_buckets.TryGetValue(at / times, out var wider))
            {
                wider.Add(bucket);
            }
            else
            {
                _buckets[at / times] = bucket;
            }
        }

        (_first, _last) = (_first / times, _last / times);
    }
}

/// <summary>What happened in a stretch of time.</summary>
internal sealed class TimelineBucket
{
    const int MostShown = 5;

    readonly long[] _byStream = new long[Streams.All.Length];
    readonly long[] _byLevel = new long[Enum.GetValues<RuleLevel>().Length];
    readonly List<KeptFinding> _findings = [];

    public NewestEvents Events { get; } = new(MostShown);

    /// <summary>Some of the findings; the most severe first.</summary>
    public IReadOnlyList<KeptFinding> Findings => _findings;

    public long FindingsInAll => _byLevel.Sum();

    /// <summary>The level of the most severe finding; null where there is none.</summary>
    public RuleLevel? Worst => Array.FindLastIndex(_byLevel, count => count > 0) is >= 0 and var level ? (RuleLevel)level : null;

    public long this[RuleLevel level] => _byLevel[(int)level];

    public long Count(string stream) => _byStream[Array.IndexOf(Streams.All, stream)];

    public void Add(ShownEvent each)
    {
        _byStream[Array.IndexOf(Streams.All, each.Stream)]++;
        Events.Add(each);
    }

    public void Add(KeptFinding finding)
    {
        _byLevel[(int)finding.Rule.Level]++;
        Keep(finding);
    }

    public void Add(TimelineBucket other)
    {
        for (var at = 0; at < _byStream.Length; at++)
        {
            _byStream[at] += other._byStream[at];
        }

        for (var at = 0; at < _byLevel.Length; at++)
        {
            _byLevel[at] += other._byLevel[at];
        }

        Events.Add(other.Events);
        other._findings.ForEach(Keep);
    }

    void Keep(KeptFinding finding)
    {
        if (_findings.Count < MostShown || finding.Rule.Level > _findings[^1].Rule.Level)
        {
            var at = _findings.FindLastIndex(each => each.Rule.Level >= finding.Rule.Level) + 1;
            _findings.Insert(at, finding);
            if (_findings.Count > MostShown)
            {
                _findings.RemoveAt(MostShown);
            }
        }
    }
}
