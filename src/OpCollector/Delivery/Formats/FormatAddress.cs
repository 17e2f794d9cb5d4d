using OpCollector.Configuration;

namespace OpCollector.Delivery.Formats;

/// <summary>
/// Recognises addresses that a format cannot be sent to, before anything is sent: some receivers answer what they did not understand with a
/// success, or with words that blame the wrong thing.
/// </summary>
/// <param name="format">What it has to be an address of.</param>
/// <param name="place">Where it is configured.</param>
internal sealed class FormatAddress(FormatSettings format, ConfigurationMember place, ServerAddress address) : ServerAddress
{
    const string Bulk = "/_bulk";

    static readonly string[] HecEvents = ["/services/collector", "/services/collector/event", "/services/collector/event/1.0"];

    // Places of a HEC where no events are taken, or not as we send them.
    static readonly string[] HecOthers =
    [
        "/raw", "/raw/1.0", "/collector/ack", "/collector/health", "/collector/health/1.0", "/collector/mint", "/collector/mint/1.0",
    ];

    /// <exception cref="Failure">The format cannot be sent to it (78).</exception>
    public override Uri Reveal()
    {
        var url = address.Reveal();
        return Misfit(url.AbsolutePath.TrimEnd('/')) is { } why ? throw place.Wrong(why) : url;
    }

    /// <exception cref="Failure">The format cannot be sent to it, and this is known without reading a secret (78).</exception>
    public FormatAddress Checked()
    {
        if (place.IsText)
        {
            Reveal();
        }

        return this;
    }

    // Never with the address itself: it may be a secret.
    string? Misfit(string path)
    {
        var isBulk = path.EndsWith(Bulk, StringComparison.Ordinal);
        return format.Name switch
        {
            FormatSettings.Elasticsearch or FormatSettings.OpenSearch => isBulk ? null
                : $"does not end with {Bulk}, so it is not a bulk address, "
                    + $"which sink.format \"{format.Name}\" needs: https://HOST:9200/INDEX{Bulk}",
            _ when isBulk => $"ends with {Bulk}, the bulk address of Elasticsearch and OpenSearch, "
                + $"and sink.format is \"{format.Name}\"; set it to \"elasticsearch\" or \"opensearch\"",
            FormatSettings.SplunkHec => HecOthers.FirstOrDefault(path.EndsWith) is { } other
                ? $"ends with {other}, where a HEC takes no events as sink.format \"splunk-hec\" sends them: "
                    + "https://HOST:8088/services/collector/event"
                : null,
            // What is around the events may make one of HEC's of them.
            _ when format.Open is null && HecEvents.Any(path.EndsWith) =>
                $"is the address of a Splunk HTTP Event Collector, and sink.format is \"{format.Name}\"; set it to \"splunk-hec\"",
            _ => null,
        };
    }
}
