namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>A rule about the matches of other rules within a window of time. Its far edge is inside: 5 minutes are 5 minutes.</summary>
/// <param name="Generate">Whether the rules beside it in its file report on their own as well.</param>
internal sealed record Correlation(
    RuleInfo Info,
    CorrelationType Type,
    IReadOnlyList<CorrelationMember> Members,
    TimeSpan Span,
    CorrelationCondition Condition,
    bool Generate)
{
    /// <summary>The separator between the values of a group.</summary>
    public const char BetweenValues = '\u001f';

    /// <summary>The fields that its matches are grouped by, as the rule writes them.</summary>
    public IReadOnlyList<string> GroupBy { get; init; } = [];

    /// <summary>How long a first_seen rule learns values before it reports a new one.</summary>
    public TimeSpan Learning { get; init; }

    /// <summary>Whether it calculates with values that are numbers.</summary>
    public bool IsCalculated => Type is CorrelationType.ValueSum or CorrelationType.ValueAvg or CorrelationType.ValuePercentile;

    /// <summary>Whether it looks at one match for each of its rules.</summary>
    public bool IsTemporal => Type is CorrelationType.Temporal or CorrelationType.TemporalOrdered;
}

/// <summary>A rule whose matches a correlation looks at, and where its events hold what the correlation compares.</summary>
/// <param name="Group">The slots of the fields that its matches are grouped by.</param>
/// <param name="Values">The fields whose values are looked at, together; none where no values are.</param>
internal sealed record CorrelationMember(RuleInfo Rule, int[] Group, CountedField[] Values);

/// <summary>A field whose values are counted.</summary>
internal sealed record CountedField(int Slot, FieldKind Kind);

/// <summary>What the values of a field are, and so when two of them are the same.</summary>
internal enum FieldKind
{
    Text,

    /// <summary>Countries, which have several names.</summary>
    Country,

    /// <summary>Addresses, of which the network counts.</summary>
    Network,

    /// <summary>Five counters, of which the third says how much was deleted; or a number by itself.</summary>
    Counters,
}
