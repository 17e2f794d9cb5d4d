using System.Collections.Immutable;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Delivery.Forms;
using OpCollector.Delivery.S3;
using OpCollector.Delivery.Webhook;
using OpCollector.Events;

namespace OpCollector.Cli.Hosting;

/// <summary>The receiver: <c>sink</c>, or one of its routes. Exactly one of the four shapes is filled.</summary>
/// <param name="OnlyFindings">Whether the events themselves stay behind: of all streams, or of that of the route. A second configuration,
/// with a state directory of its own, is how a pager gets findings.</param>
internal sealed record SinkSettings(
    SinkType Type, WebhookSettings? Webhook = null, S3Settings? S3 = null, string? FilePath = null, bool OnlyFindings = false)
{
    // What a route says of these is laid over what the sink says; any other member takes the place of the sink's.
    static readonly string[] Joined =
        ["add", "headers", "limits", "tls", FormatSettings.SplunkHec, FormatSettings.Elasticsearch, FormatSettings.OpenSearch];

    /// <summary>The form in which items are sent.</summary>
    public SentForm Form { get; init; } = SentForm.AsTheyAre;

    /// <summary>Files and directories with rules: the events that they match are not sent.</summary>
    public ImmutableArray<string> Drop { get; init; } = ImmutableArray<string>.Empty;

    /// <summary>The receivers of single kinds of items, by the name of the route.</summary>
    public ImmutableSortedDictionary<string, SinkSettings> Routes { get; init; } = ImmutableSortedDictionary<string, SinkSettings>.Empty;

    /// <summary>The streams whose events stay behind.</summary>
    public ImmutableArray<string> LeftBehind => [.. Streams.All.Where(stream => Routes.GetValueOrDefault(stream, this).OnlyFindings)];

    public static SinkSettings Read(ConfigurationMember sink, EnvironmentVariables environment)
    {
        var type = sink.Get("type").AsOneOf("webhook", "s3", "file", "stdout") switch
        {
            "webhook" => SinkType.Webhook,
            "s3" => SinkType.S3,
            "file" => SinkType.File,
            _ => SinkType.Stdout,
        };
        var settings = ReadAs(type, sink, environment) with
        {
            Drop = sink.Find("drop") is { } drop ? [.. drop.AsList().Select(path => path.AsPath())] : [],
            Routes = type != SinkType.Stdout && sink.Find("routes") is { } routes ? RoutesFrom(type, routes, sink, environment) : NoRoutes,
        };
        sink.RefuseOthers();
        return settings is { OnlyFindings: true, Drop.IsEmpty: false }
            ? throw sink.Get("drop").Wrong("drops nothing: sink.only leaves all events behind already")
            : settings;
    }

    static ImmutableSortedDictionary<string, SinkSettings> NoRoutes => ImmutableSortedDictionary<string, SinkSettings>.Empty;

    static ImmutableSortedDictionary<string, SinkSettings> RoutesFrom(
        SinkType type, ConfigurationMember routes, ConfigurationMember sink, EnvironmentVariables environment)
    {
        var settings = NoRoutes;
        foreach (var name in Route.Names)
        {
            if (routes.Find(name) is { } route)
            {
                var whole = route.Over(sink, Joined);
                settings = settings.Add(name, ReadAs(type, whole, environment, name));
                whole.RefuseOthers();
            }
        }

        routes.RefuseOthers();
        var idle = settings.ContainsKey(Route.Findings) ? routes.Members.Values.FirstOrDefault(IsIdle) : null;
        return idle is null
            ? settings
            : throw idle.Get("only").Wrong($"leaves nothing for this route: findings go to sink.routes.{Route.Findings}");
    }

    // One that says itself that it wants findings alone.
    static bool IsIdle(ConfigurationMember route) => route.Name != Route.Findings && route.Members.ContainsKey("only");

    // What the sink and its routes have in common.
    static SinkSettings ReadAs(SinkType type, ConfigurationMember place, EnvironmentVariables environment, string route = Route.Usual)
    {
        var form = SentForm.Read(place);
        var settings = type switch
        {
            SinkType.Webhook => new SinkSettings(type, Webhook: WebhookSettings.Read(place, environment) with { Route = route }),
            SinkType.S3 => new SinkSettings(type, S3: S3Settings.Read(place, environment)),
            SinkType.File => new SinkSettings(type, FilePath: place.Get("path").AsPath()),
            _ => new SinkSettings(type),
        };
        return settings.Webhook?.Format.Name is FormatSettings.Elasticsearch or FormatSettings.OpenSearch && form.Event?.IsObject == false
            ? throw place.Get("event").Wrong($"must be an object in braces: sink.format \"{settings.Webhook.Format.Name}\" sends documents")
            : settings with { Form = form, OnlyFindings = place.Find("only")?.AsOneOf("findings") is not null };
    }
}

/// <summary>Where events are delivered to.</summary>
internal enum SinkType
{
    Webhook,
    S3,
    File,
    Stdout,
}
