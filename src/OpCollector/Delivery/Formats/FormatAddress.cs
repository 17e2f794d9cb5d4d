using OpCollector.Configuration;

namespace OpCollector.Delivery.Formats;

/// <summary>
/// Knows of an address for sure that it is none of a format's, before anything is sent there: some receivers answer what they did not
/// understand with a success, or with words that blame the wrong thing.
/// </summary>
internal static class FormatAddress
{
    const string Bulk = "/_bulk";

    static readonly string[] HecEvents = ["/services/collector", "/services/collector/event", "/services/collector/event/1.0"];

    // Places of a HEC where no events are taken, or not as we send them.
    static readonly string[] HecOthers =
    [
        "/raw", "/raw/1.0", "/collector/ack", "/collector/health", "/collector/health/1.0", "/collector/mint", "/collector/mint/1.0",
    ];

    /// <summary>The address, once it is found that it may be one of the format's.</summary>
    /// <exception cref="Failure">It is none (78): told at once where the address is no secret.</exception>
    public static Func<Uri> Check(FormatSettings format, ConfigurationMember place, Func<Uri> url)
    {
        Uri Fitting()
        {
            var address = url();
            return Misfit(format, address.AbsolutePath.TrimEnd('/')) is { } why ? throw place.Wrong(why) : address;
        }

        if (place.IsText)
        {
            Fitting();
        }

        return Fitting;
    }

    // Never with the address itself: it may be a secret.
    static string? Misfit(FormatSettings format, string path)
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
