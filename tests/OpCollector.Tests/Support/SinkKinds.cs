using OpCollector.Cli.Hosting;
using OpCollector.Delivery.S3;
using OpCollector.Delivery.Webhook;

namespace OpCollector.Tests.Support;

/// <summary>The settings of a sink as those of the kind that a spec has written.</summary>
internal static class SinkKinds
{
    public static WebhookSettings Webhook(this SinkSettings sink) => ((WebhookSinkSettings)sink).Webhook;

    public static S3Settings Bucket(this SinkSettings sink) => ((S3SinkSettings)sink).Bucket;
}
