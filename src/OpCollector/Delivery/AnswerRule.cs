namespace OpCollector.Delivery;

/// <summary>How a format tells what became of the events, beyond the status.</summary>
internal enum AnswerRule
{
    /// <summary>Not at all: the status says it for all of them.</summary>
    Status,

    /// <summary>Splunk's HTTP Event Collector: a code, and the number of the first event that was not taken.</summary>
    HecCode,

    /// <summary>Elasticsearch's bulk: one item for each event.</summary>
    BulkItems,
}
