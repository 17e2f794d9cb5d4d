using OpCollector.Configuration;
using OpCollector.Delivery.Webhook;

namespace OpCollector.Cli;

/// <summary>The receiver: <c>sink</c>. Exactly one of the three shapes is filled.</summary>
/// <param name="OnlyFindings">Whether the events themselves stay behind: a second configuration, with a state directory of its own, is how
/// a pager gets findings.</param>
internal sealed record SinkSettings(SinkType Type, WebhookSettings? Webhook = null, string? FilePath = null, bool OnlyFindings = false)
{
    public static SinkSettings From(ConfigurationMember sink, Func<string, string?> environment)
    {
        var settings = sink.Get("type").AsOneOf("webhook", "file", "stdout") switch
        {
            "webhook" => new SinkSettings(SinkType.Webhook, Webhook: WebhookSettings.From(sink, environment)),
            "file" => new SinkSettings(SinkType.File, FilePath: sink.Get("path").AsPath()),
            _ => new SinkSettings(SinkType.Stdout),
        };
        settings = settings with { OnlyFindings = sink.Find("only")?.AsOneOf("findings") is not null };
        sink.RefuseOthers();
        return settings;
    }
}

/// <summary>Where events are delivered to.</summary>
internal enum SinkType
{
    Webhook,
    File,
    Stdout,
}
