using System.Globalization;

namespace OpCollector.Detection.Sigma;

/// <summary>
/// Keeps what all correlations remember together within so many bytes, because it is written with every page. What grows most loses its
/// oldest group first: a storm of one kind must not make the others forget.
/// </summary>
internal sealed class MemoryBound(IReadOnlyList<CorrelationMemory> memories)
{
    public const int MostBytes = 8 << 20;

    /// <summary>That something had to be forgotten which might still have counted; null when nothing had.</summary>
    public string? Warning { get; private set; }

    long Bytes => memories.Sum(memory => memory.Bytes);

    public void Keep()
    {
        if (Bytes <= MostBytes)
        {
            return;
        }

        foreach (var memory in memories)
        {
            memory.ForgetWhatIsOver();
        }

        while (Bytes > MostBytes)
        {
            var largest = memories.MaxBy(memory => memory.Bytes)!;
            largest.ForgetOldest();
            Warning ??= string.Create(
                CultureInfo.InvariantCulture,
                $"The rules remember {MostBytes >> 20} MB together, and {largest.Rule.Info.Name} has filled them: its oldest groups are " +
                    $"forgotten before their timespan is over");
        }
    }
}
