namespace OpCollector.Reporting;

/// <summary>How many findings the run that ended then has delivered.</summary>
internal sealed record FindingsAt(DateTimeOffset Ended, int Findings);
