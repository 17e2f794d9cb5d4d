namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>What a correlation looks for in its window of time.</summary>
internal enum CorrelationType
{
    EventCount,
    ValueCount,
    ValueSum,
    ValueAvg,
    ValuePercentile,
    Temporal,
    TemporalOrdered,

    /// <summary>A value that its group was not seen with.</summary>
    FirstSeen,

    /// <summary>The first rule, and none of the others within the timespan.</summary>
    Absence,

    /// <summary>Two places that nobody can be at so soon after each other.</summary>
    Travel,

    /// <summary>Findings of several rules about one person.</summary>
    Risk,
}
