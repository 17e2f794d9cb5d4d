using OpCollector.Configuration;
using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Sources.EventsApi;

/// <summary>How the Events API is read: <c>source.eventsApi</c>.</summary>
/// <param name="Url">Where it is; null where the token says so itself.</param>
/// <param name="Limit">The most events of a page, and with it of a request to the sink.</param>
internal sealed record EventsApiSettings(TokenSettings Token, Uri? Url, IReadOnlyList<StreamSettings> Streams, int Limit)
    : SourceSettings
{
    /// <summary>The proxy that the environment names.</summary>
    public EnvironmentProxy Proxy { get; init; } = EnvironmentProxy.None;

    /// <summary>How far back the API can see.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromDays(120);

    // The most that 1Password gives: it counts requests, not events.
    const int HighestLimit = 1000;

    public override string Fingerprint => StreamPositions.AnyAccount;

    public override Dialect Dialect => Dialect.EventsApi;

    public override IReadOnlyList<string> StreamNames => [.. Streams.Select(each => each.Stream.Name)];

    public override bool HasStreams => true;

    public override string? AccessStream => Events.Streams.Audit;

    public override bool EventsSayAddresses => true;

    // It is read again for what came late; op is looked at within minutes.
    public override TimeSpan? Lateness => Streams.Max(stream => stream.Overlap);

    public override void RefuseStart(StartingPoint start, ConfigurationMember place)
    {
        if (start.Eid is not null)
        {
            throw place.Wrong(
                "an event id is a position of the op source; for events-api write \"latest\", \"oldest\" or a duration such as \"24h\"");
        }
    }

    public static EventsApiSettings Read(ConfigurationMember api, EnvironmentVariables environment)
    {
        var settings = new EventsApiSettings(
            TokenSettings.Read(api.Get("token"), environment),
            UrlFrom(api.Find("url"), api.Find("region")?.AsOneOf("com", "ca", "eu", "enterprise")),
            StreamsFrom(api),
            LimitFrom(api.Find("limit")))
        {
            Proxy = new EnvironmentProxy(environment),
        };
        api.RefuseOthers();
        return settings;
    }

    static Uri? UrlFrom(ConfigurationMember? url, string? region) => url is not null
        ? EventsApiHost.TryParse(url.AsText()) ?? throw url.Wrong(EventsApiHost.WhyNot(url.AsText()))
        : region is not null ? EventsApiHost.Find(region) : null;

    static int LimitFrom(ConfigurationMember? limit) => limit is null ? HighestLimit
        : limit.AsCount() is <= HighestLimit and var count ? count
        : throw limit.Wrong($"1Password gives {HighestLimit} events at a time and no more");

    static List<StreamSettings> StreamsFrom(ConfigurationMember api)
    {
        string[] names = [.. EventStream.All.Select(stream => stream.Name)];
        var wanted = api.Find("streams")?.AsList().ConvertAll(each => each.AsOneOf(names)) ?? [.. names];
        var (overlaps, intervals) = (api.Find("overlap")?.AsObject(), api.Find("overlapEvery")?.AsObject());
        var streams = EventStream.All.Select(StreamSettings.Usual).Select(usual => usual with
        {
            Overlap = overlaps?.Find(usual.Stream.Name) is { } overlap ? OverlapFrom(overlap) : usual.Overlap,
            OverlapEvery = intervals?.Find(usual.Stream.Name)?.AsDuration() ?? usual.OverlapEvery,
        }).ToList();
        overlaps?.RefuseOthers();
        intervals?.RefuseOthers();
        return streams.FindAll(each => wanted.Contains(each.Stream.Name));
    }

    static TimeSpan OverlapFrom(ConfigurationMember overlap) =>
        overlap.AsDuration() <= Reach
            ? overlap.AsDuration()
            : throw overlap.Wrong($"1Password gives the last {Reach.TotalDays:0} days and no more");
}
