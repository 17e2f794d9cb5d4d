namespace OpCollector.Detection.Sigma;

/// <summary>When a value was seen first and last, in minutes since the year 2000.</summary>
internal readonly record struct SeenValue(int First, int Last);
