namespace OpCollector.Delivery;

/// <summary>How a dry run prints a batch.</summary>
internal abstract class PreviewFormat
{
    public abstract ReadOnlyMemory<byte> Print(Batch batch);
}

/// <summary>For a program: what would be sent, one item on each line.</summary>
internal sealed class NdjsonPreview : PreviewFormat
{
    public override ReadOnlyMemory<byte> Print(Batch batch) => NdjsonLines.Write(batch);
}
