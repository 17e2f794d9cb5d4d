namespace OpCollector.Delivery.Formats;

/// <summary>Makes the format that a configuration names.</summary>
internal static class FormatByName
{
    /// <param name="success">The statuses that count; null for the format's own.</param>
    /// <param name="time">The clock by which a format waits.</param>
    public static Format Create(
        FormatSettings settings, LimitSettings limits, IReadOnlyList<int>? success, TimeProvider time) => settings.Name switch
        {
            FormatSettings.Ndjson => Plain.Lines(settings, limits, success),
            FormatSettings.Single => Plain.Single(settings, limits, success),
            FormatSettings.SplunkHec => new SplunkHec(settings, limits, success, time),
            FormatSettings.Elasticsearch => new Bulk(settings, limits, success, tellsPrivileges: true),
            FormatSettings.OpenSearch => new Bulk(settings, limits, success, tellsPrivileges: false),
            _ => Plain.Array(settings, limits, success),
        };
}
