using System.Buffers;

namespace OpCollector.Delivery;

/// <summary>
/// Holds what cannot be delivered, with the reason. An id counts once, however often it comes, unless one batch has two items of it that
/// differ.
/// </summary>
internal abstract class Quarantine
{
    /// <summary>Where a person finds it.</summary>
    public abstract string Location { get; }

    /// <summary>What a person does to acknowledge the items, in words.</summary>
    public abstract string HowToAcknowledge { get; }

    /// <summary>Whether to write it anew takes long.</summary>
    public abstract bool IsLarge { get; }

    /// <summary>Whether it holds no item: what is not ours does not count.</summary>
    public bool IsEmpty => !Lines().Any(line => line.IsTooLarge || QuarantinedItem.Read(line.Bytes) is not null);

    /// <summary>Adds what is not there yet.</summary>
    /// <returns>How many were added.</returns>
    public abstract int Add(IReadOnlyList<QuarantinedItem> items);

    /// <summary>The lines, in the order in which they came.</summary>
    public abstract IEnumerable<QuarantineLine> Lines();

    /// <summary>What it holds, in the order in which it came. A line that is not ours is passed over.</summary>
    public IEnumerable<QuarantinedItem> Items() => Lines().Select(line => QuarantinedItem.Read(line.Bytes)).OfType<QuarantinedItem>();

    /// <summary>Puts lines there as another quarantine holds them, those that are not ours too.</summary>
    public abstract void Import(IEnumerable<ReadOnlyMemory<byte>> lines);

    /// <summary>How many items it holds, and when the oldest was put there.</summary>
    public abstract (int Count, DateTimeOffset? Oldest) Summarize();

    /// <summary>Takes out what was delivered after all: durable at once, and without writing everything anew.</summary>
    public abstract void MarkDelivered(IEnumerable<(QuarantineLine Line, string Key)> delivered);

    /// <summary>
    /// Takes out everything that is gone, and puts the new reason beside what was rejected again. What others added meanwhile stays, and so
    /// does every line that is not ours.
    /// </summary>
    /// <param name="delivered">By <see cref="QuarantinedItem.ShortKey"/>: what is there twice is gone as a whole.</param>
    /// <param name="rejectedAgain">The same; with the new reasons.</param>
    public abstract void RemoveDelivered(
        IReadOnlySet<long> delivered, IReadOnlyDictionary<long, (string Why, int? Status, string? Answer)> rejectedAgain);

    /// <summary>The line of an item that was rejected once more.</summary>
    protected static ReadOnlySpan<byte> Again(QuarantinedItem item, (string Why, int? Status, string? Answer) reason, DateTimeOffset now)
    {
        var again = new ArrayBufferWriter<byte>();
        (item with { Why = reason.Why, Status = reason.Status, Answer = reason.Answer }).WriteTo(again, now);
        return again.WrittenSpan;
    }
}
