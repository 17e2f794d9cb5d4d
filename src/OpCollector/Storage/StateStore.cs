namespace OpCollector.Storage;

/// <summary>
/// Keeps what a run leaves for the next one, by name. When a call returns, what it wrote outlives a crash and a power cut. Every call can
/// end with a <see cref="Failure"/>: we may not, or something else is there (78); or the disk fails (74).
/// </summary>
internal abstract class StateStore
{
    /// <summary>The most bytes that are read of a report, or of what is remembered of a source.</summary>
    public const int Small = RegularFile.Small;

    /// <summary>The most bytes that are read of a checkpoint, of a day's ids or of the names.</summary>
    public const int Large = RegularFile.Large;

    /// <summary>Whether the next run finds what this one writes; it does not after a dry run.</summary>
    public abstract bool IsKept { get; }

    /// <summary>Where a person finds all of it: for messages.</summary>
    public abstract string Location { get; }

    /// <summary>Whether a run has made it already.</summary>
    public abstract bool Exists { get; }

    /// <summary>Makes what is missing, so that a run can write, and refuses a place where others could lead it astray.</summary>
    public abstract void Ensure();

    /// <summary>
    /// Keeps other runs from the same work, until it is disposed of; null where another run does it. One that has been at it for longer
    /// than <paramref name="patience"/> hangs: that is worth a line and exit code 75.
    /// </summary>
    public abstract IDisposable? TryHold(string work, TimeSpan patience, TimeProvider time);

    /// <summary>Where a person finds it: for messages.</summary>
    public abstract string PathOf(string name);

    /// <summary>When it was last written; null where there is nothing of this name.</summary>
    public abstract DateTimeOffset? Written(string name);

    /// <summary>The names that begin and end like this, in order.</summary>
    public abstract IReadOnlyList<string> Names(string beginning, string ending);

    /// <summary>All of it; null where there is nothing of this name.</summary>
    /// <param name="most">How many bytes it may have.</param>
    public abstract byte[]? Read(string name, int most);

    /// <summary>
    /// The last whole records of <paramref name="size"/> bytes, at most <paramref name="most"/> bytes; none where there is nothing of this
    /// name.
    /// </summary>
    public abstract byte[] ReadRecords(string name, int size, int most);

    /// <summary>
    /// Puts <paramref name="content"/> in the place of the old at once. With <paramref name="previous"/> the old stays under that name,
    /// without a moment in which neither exists.
    /// </summary>
    public abstract void Replace(string name, ReadOnlySpan<byte> content, string? previous = null);

    /// <summary>
    /// Appends whole records of <paramref name="size"/> bytes. Within <see cref="WriteTogether"/> they are on the disk before what is
    /// written behind them takes its place.
    /// </summary>
    public abstract void Append(string name, ReadOnlySpan<byte> records, int size);

    /// <summary>Removes it, if it is there.</summary>
    public abstract void Delete(string name);

    /// <summary>Replaces it by what <paramref name="change"/> makes of it, while no other run does the same.</summary>
    /// <param name="most">How many bytes it may have.</param>
    /// <param name="change">Is given null where there is nothing of this name, or nothing that can be read.</param>
    public abstract void Change(string name, int most, Func<byte[]?, byte[]> change);

    /// <summary>
    /// Makes everything that <paramref name="writes"/> writes durable at once, where that can be had; else in their order. All of it is
    /// when this returns.
    /// </summary>
    public abstract void WriteTogether(Action writes);
}
