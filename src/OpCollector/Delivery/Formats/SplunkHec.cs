namespace OpCollector.Delivery.Formats;

/// <summary>Splunk's HTTP Event Collector, and the many that speak as it does (LogScale, Cribl, CloudWatch): envelopes one after another.</summary>
internal static class SplunkHec
{
    public static readonly Format Format = new(FormatSettings.SplunkHec, "application/json")
    {
        Between = "\n",
        Envelope = Envelope.Hec,
        Success = [200],
        Answer = AnswerRule.HecCode,
        Probes = [HecProbes.Health, HecProbes.Token],
    };
}
