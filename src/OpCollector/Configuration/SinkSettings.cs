namespace OpCollector.Configuration;

/// <summary>The receiver: <c>sink</c>. Exactly one of the three shapes is filled.</summary>
internal sealed record SinkSettings(SinkType Type, WebhookSettings? Webhook = null, string? FilePath = null)
{
    public static SinkSettings From(ConfigurationMember sink, Func<string, string?> environment)
    {
        var settings = sink.Get("type").AsOneOf("webhook", "file", "stdout") switch
        {
            "webhook" => new SinkSettings(SinkType.Webhook, Webhook: WebhookSettings.From(sink, environment)),
            "file" => new SinkSettings(SinkType.File, FilePath: sink.Get("path").AsPath()),
            _ => new SinkSettings(SinkType.Stdout),
        };
        sink.RefuseOthers();
        return settings;
    }
}
