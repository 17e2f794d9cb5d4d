using System.Collections.Immutable;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Delivery.Forms;
using OpCollector.Delivery.S3;
using OpCollector.Delivery.Webhook;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Cli.Hosting;

/// <summary>The receiver: <c>sink</c>, or one of its routes.</summary>
internal abstract record SinkSettings
{
    const string WebhookType = "webhook";
    const string S3Type = "s3";
    const string FileType = "file";
    const string StdoutType = "stdout";

    // What a route says of these is laid over what the sink says; any other member takes the place of the sink's.
    static readonly string[] Joined =
        ["add", "headers", "limits", "tls", FormatSettings.SplunkHec, FormatSettings.Elasticsearch, FormatSettings.OpenSearch];

    /// <summary>
    /// Whether only findings are delivered: of all streams, or of that of the route. A second configuration, with a state directory of its
    /// own, is how a pager gets findings.
    /// </summary>
    public bool OnlyFindings { get; init; }

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
        var type = sink.Get("type").AsOneOf(WebhookType, S3Type, FileType, StdoutType);
        var settings = ReadAs(type, sink, environment) with
        {
            Drop = sink.Find("drop") is { } drop ? [.. drop.AsList().Select(path => path.AsPath())] : [],
            Routes = type != StdoutType && sink.Find("routes") is { } routes ? RoutesFrom(type, routes, sink, environment) : NoRoutes,
        };
        sink.RefuseOthers();
        return settings is { OnlyFindings: true, Drop.IsEmpty: false }
            ? throw sink.Get("drop").Wrong("drops nothing: sink.only leaves all events behind already")
            : settings;
    }

    static ImmutableSortedDictionary<string, SinkSettings> NoRoutes => ImmutableSortedDictionary<string, SinkSettings>.Empty;

    static ImmutableSortedDictionary<string, SinkSettings> RoutesFrom(
        string type, ConfigurationMember routes, ConfigurationMember sink, EnvironmentVariables environment)
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
    static SinkSettings ReadAs(string type, ConfigurationMember place, EnvironmentVariables environment, string route = Route.Usual)
    {
        var form = SentForm.Read(place);
        SinkSettings settings = type switch
        {
            WebhookType => new WebhookSinkSettings(WebhookSettings.Read(place, environment) with { Route = route }),
            S3Type => new S3SinkSettings(S3Settings.Read(place, environment)),
            FileType => new FileSinkSettings(place.Get("path").AsPath()),
            _ => new StdoutSinkSettings(),
        };
        settings.RefuseForm(form, place);
        return settings with { Form = form, OnlyFindings = place.Find("only")?.AsOneOf("findings") is not null };
    }

    /// <summary>Opens the way to the receiver.</summary>
    /// <exception cref="Failure">A secret it needs is not there (78).</exception>
    public abstract Sink Open(TimeProvider time, ILogger log);

    /// <exception cref="Failure">The receiver does not take items of this form (78).</exception>
    protected virtual void RefuseForm(SentForm form, ConfigurationMember place)
    {
    }
}

/// <summary>An address that takes requests.</summary>
internal sealed record WebhookSinkSettings(WebhookSettings Webhook) : SinkSettings
{
    public override Sink Open(TimeProvider time, ILogger log) => new WebhookSink(Webhook, time, log);

    protected override void RefuseForm(SentForm form, ConfigurationMember place)
    {
        if (Webhook.Format.Name is FormatSettings.Elasticsearch or FormatSettings.OpenSearch && form.Event?.IsObject == false)
        {
            throw place.Get("event").Wrong($"must be an object in braces: sink.format \"{Webhook.Format.Name}\" sends documents");
        }
    }
}

/// <summary>A bucket.</summary>
internal sealed record S3SinkSettings(S3Settings Bucket) : SinkSettings
{
    public override Sink Open(TimeProvider time, ILogger log) => new S3Sink(Bucket, time, log);
}

/// <summary>A file.</summary>
internal sealed record FileSinkSettings(string Path) : SinkSettings
{
    public override Sink Open(TimeProvider time, ILogger log) => new FileSink(Path);
}

/// <summary>The output of the program.</summary>
internal sealed record StdoutSinkSettings : SinkSettings
{
    public override Sink Open(TimeProvider time, ILogger log) => new StdoutSink();
}
