using OpCollector.Configuration;

namespace OpCollector.Delivery.Formats;

/// <summary>What a receiver takes in one request (<c>sink.limits</c>); null where the format's own limit holds.</summary>
/// <param name="Bytes">Of one request, before it is compressed.</param>
/// <param name="EventBytes">Of one event: a larger one goes to the quarantine, for receivers that cut it and say nothing.</param>
internal sealed record LimitSettings(int? Events = null, int? Bytes = null, int? EventBytes = null)
{
    public static LimitSettings Read(ConfigurationMember limits)
    {
        var settings = new LimitSettings(
            limits.Find("events")?.AsCount(),
            limits.Find("bytes")?.AsCount(),
            limits.Find("eventBytes")?.AsCount());
        limits.RefuseOthers();
        return settings;
    }

    /// <summary>What a request holds at most: as it is configured, and as the receivers of the format have it where it is not.</summary>
    public RequestLimit Or(RequestLimit usual) => new(Events ?? usual.Events, Bytes ?? usual.Bytes);
}

/// <summary>The most that one request may hold. Findings count as events, so there is room for one behind each event of a page.</summary>
/// <param name="Bytes">Before compression.</param>
internal sealed record RequestLimit(int Events, int Bytes)
{
    /// <summary>What the strictest of the usual receivers takes: 1 MB with its headers.</summary>
    public static RequestLimit ForAnyReceiver { get; } = new(2000, 990_000);

    /// <summary>
    /// Splunk takes 800 MB (<c>max_content_length</c> in limits.conf), LogScale asks for 5,000 events and 5 MB at most. What takes less
    /// answers 413, and gets less.
    /// </summary>
    public static RequestLimit ForHec { get; } = new(5000, 5_000_000);

    /// <summary>OpenSearch recommends 5 to 15 MB and 1,000 to 5,000 operations; Elasticsearch takes 100 MB.</summary>
    public static RequestLimit ForBulk { get; } = new(5000, 5_000_000);
}
