using System.Text;
using OpCollector.Delivery;
using OpCollector.Events;

namespace OpCollector.Tests.Support;

/// <summary>An item of every kind that comes of the Events API: an event of each stream, and a finding.</summary>
internal static class EventsApiItems
{
    static readonly (string Stream, string Feature)[] Features =
        [("audit", "auditevents"), ("signin", "signinattempts"), ("itemusage", "itemusages")];

    public static IEnumerable<ActivityEvent> Events => Features.Select(each => Event(each.Feature));

    public static IEnumerable<Batch> Pages => Features.Select(each => new Batch(
        each.Stream, each.Stream == "audit" ? [Event(each.Feature), Finding] : [Event(each.Feature)]));

    static ActivityEvent Finding => new(0, SinkSample.Now, Encoding.UTF8.GetBytes("""
        {"kind":"finding","id":"f-mfa","rule":{"name":"mfa-disabled","level":"high"},"time":"2026-09-21T14:13:20Z","summary":"Zoë \"Z\""}
        """))
    {
        Id = "f-mfa",
        Headline = new Headline("high", "MFA off"),
    };

    static ActivityEvent Event(string feature) => ActivityEvent.Read(
        Encoding.UTF8.GetBytes(
            EventsApiEmulator.Samples.Of(feature, EventsApiEmulator.Samples.Uuid(feature), SinkSample.Now, 1)),
        EventIdentity.EventsApi).Event!;
}
