namespace OpCollector.Delivery.Formats;

/// <summary>Makes the format that a configuration names.</summary>
internal static class FormatByName
{
    /// <param name="time">The clock by which a format waits.</param>
    public static Format Create(
        FormatSettings settings, LimitSettings limits, SuccessStatuses success, TimeProvider time) => settings.Name switch
        {
            FormatSettings.Ndjson => Plain.Lines(settings, limits, success),
            FormatSettings.Single => Plain.Single(settings, limits, success),
            FormatSettings.SplunkHec => new SplunkHec(settings, limits, success, time),
            FormatSettings.Elasticsearch => new ElasticsearchBulk(settings, limits, success),
            FormatSettings.OpenSearch => new OpenSearchBulk(settings, limits, success),
            _ => Plain.Array(settings, limits, success),
        };
}
