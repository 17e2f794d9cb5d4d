using OpCollector.Configuration;

namespace OpCollector.Delivery.Formats;

/// <summary>What a receiver takes in one request (<c>sink.limits</c>); null where the format's own limit holds.</summary>
/// <param name="Bytes">Of one request, before it is compressed.</param>
/// <param name="EventBytes">Of one event: a larger one goes to the quarantine, for receivers that cut it and say nothing.</param>
internal sealed record LimitSettings(int? Events = null, int? Bytes = null, int? EventBytes = null)
{
    public static LimitSettings From(ConfigurationMember limits)
    {
        var settings = new LimitSettings(
            limits.Find("events")?.AsCount(),
            limits.Find("bytes")?.AsCount(),
            limits.Find("eventBytes")?.AsCount());
        limits.RefuseOthers();
        return settings;
    }
}
