namespace OpCollector.Delivery.Formats;

/// <summary>
/// Knows a block on an index or a cluster, which Elasticsearch and OpenSearch answer with 403, 429 or 503 and which does not depend on who
/// asks (https://www.elastic.co/docs/reference/elasticsearch/index-settings/index-block). Pure.
/// </summary>
internal static class BulkBlock
{
    /// <summary>What is blocked, why and what to do; null where the error is another one.</summary>
    /// <param name="error">Its type and its reason.</param>
    public static string? Named(string? error) => error switch
    {
        null => null,
        _ when !error.StartsWith("cluster_block_exception", StringComparison.Ordinal) => null,
        _ when Says(error, "flood") || Says(error, "allow delete") || Says(error, "allow-delete") =>
            "because the index is read-only: a disk of its cluster is nearly full (flood stage). "
            + "Free or add disk space; if the block stays, set index.blocks.read_only_allow_delete to null",
        _ when Says(error, "no master") || Says(error, "not recovered") || Says(error, "SERVICE_UNAVAILABLE") =>
            "because its cluster is blocked: it has no master, or is only starting",
        _ when Says(error, "index closed") => "because the index is closed; open it, or set another in sink.url",
        _ when Says(error, "cluster read-only") => "because the cluster is read-only; set cluster.blocks.read_only to null",
        _ => "because the index is blocked, read-only or for writing; "
            + "set index.blocks.read_only and index.blocks.write to null, or another index in sink.url",
    };

    static bool Says(string error, string words) => error.Contains(words, StringComparison.OrdinalIgnoreCase);
}
