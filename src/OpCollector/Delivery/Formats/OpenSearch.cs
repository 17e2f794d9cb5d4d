namespace OpCollector.Delivery.Formats;

/// <summary>OpenSearch's bulk API: the same as Elasticsearch's, from which it comes.</summary>
internal static class OpenSearch
{
    public static readonly Format Format = new(FormatSettings.OpenSearch, "application/x-ndjson")
    {
        Between = "\n",
        Close = "\n",
        Envelope = Envelope.BulkCreate,
        Success = [200],
        Answer = AnswerRule.BulkItems,
        Probes = [BulkProbes.Health],
    };
}
