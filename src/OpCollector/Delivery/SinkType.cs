namespace OpCollector.Delivery;

/// <summary>Where events are delivered to.</summary>
internal enum SinkType
{
    Webhook,
    File,
    Stdout,
}
