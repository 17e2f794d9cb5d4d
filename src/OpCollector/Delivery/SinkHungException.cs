namespace OpCollector.Delivery;

/// <summary>The time of the run was over while a sink had not answered yet.</summary>
internal sealed class SinkHungException(string sink, Exception cause)
    : OperationCanceledException($"The sink {sink} has not answered", cause)
{
    public string Sink { get; } = sink;
}
