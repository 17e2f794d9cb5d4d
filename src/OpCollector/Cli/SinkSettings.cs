using OpCollector.Configuration;
using OpCollector.Delivery.S3;
using OpCollector.Delivery.Webhook;

namespace OpCollector.Cli;

/// <summary>The receiver: <c>sink</c>. Exactly one of the four shapes is filled.</summary>
/// <param name="OnlyFindings">Whether the events themselves stay behind: a second configuration, with a state directory of its own, is how
/// a pager gets findings.</param>
internal sealed record SinkSettings(
    SinkType Type, WebhookSettings? Webhook = null, S3Settings? S3 = null, string? FilePath = null, bool OnlyFindings = false)
{
    public static SinkSettings From(ConfigurationMember sink, Func<string, string?> environment)
    {
        var settings = sink.Get("type").AsOneOf("webhook", "s3", "file", "stdout") switch
        {
            "webhook" => new SinkSettings(SinkType.Webhook, Webhook: WebhookSettings.From(sink, environment)),
            "s3" => new SinkSettings(SinkType.S3, S3: S3Settings.From(sink, environment)),
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
    S3,
    File,
    Stdout,
}
