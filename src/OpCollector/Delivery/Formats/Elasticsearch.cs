namespace OpCollector.Delivery.Formats;

/// <summary>Elasticsearch's bulk API: every event is created under its id, so that a repetition is recognised by the receiver.</summary>
internal static class Elasticsearch
{
    public static readonly Format Format = new(FormatSettings.Elasticsearch, "application/x-ndjson")
    {
        Between = "\n",
        Close = "\n",
        Envelope = Envelope.BulkCreate,
        Success = [200],
        Answer = AnswerRule.BulkItems,
        Probes = [BulkProbes.Health, BulkProbes.Privileges],
    };
}
