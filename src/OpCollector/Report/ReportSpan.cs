namespace OpCollector.Report;

/// <summary>The time that a report is about, both ends included; null where it has no end there.</summary>
internal sealed record ReportSpan(DateTimeOffset? Since, DateTimeOffset? Until)
{
    /// <summary>Whether an event belongs to it. One that does not say when it happened belongs to all time alone.</summary>
    public bool Holds(DateTimeOffset? time) => (Since, Until) is (null, null) || (time is { } when && !(when < Since) && !(when > Until));
}
