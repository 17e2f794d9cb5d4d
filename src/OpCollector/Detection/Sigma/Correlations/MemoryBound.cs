using System.Globalization;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>
/// Keeps what all rules remember together within so many bytes. What grows most loses its oldest group first: a storm of one kind must not
/// make the others forget.
/// </summary>
internal sealed class MemoryBound(IEnumerable<RuleMemory> memories)
{
    /// <summary>With what has changed since the file was last written whole, that is 8 MB on the disk.</summary>
    public const int MostBytes = 6 << 20;

    // So much is left once something has to go, because to look for what is over is as much work for one match as for many.
    const int EnoughBytes = MostBytes / 64 * 63;

    // An array, because they are added up with every match.
    readonly RuleMemory[] _memories = [.. memories];

    /// <summary>That something had to be forgotten which might still have counted; null when nothing had.</summary>
    public string? Warning { get; private set; }

    long Bytes
    {
        get
        {
            var bytes = 0L;
            foreach (var memory in _memories)
            {
                bytes += memory.Bytes;
            }

            return bytes;
        }
    }

    /// <summary>Forgets as much as has to be.</summary>
    /// <returns>Whether that was anything.</returns>
    public bool Keep()
    {
        if (Bytes <= MostBytes)
        {
            return false;
        }

        foreach (var memory in _memories)
        {
            memory.ForgetWhatIsOver();
        }

        while (Bytes > EnoughBytes)
        {
            var largest = _memories.MaxBy(memory => memory.Bytes)!;
            largest.ForgetOldest();
            Warning ??= string.Create(
                CultureInfo.InvariantCulture,
                $"The rules remember {MostBytes >> 20} MB together, and {largest.Rule.Info.Name} has filled them: its oldest groups are " +
                    $"forgotten before their timespan is over");
        }

        return true;
    }
}
