namespace OpCollector.Detection.Sigma;

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
}
