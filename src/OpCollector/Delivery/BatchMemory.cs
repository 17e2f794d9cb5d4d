using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>What earlier runs have learned of a batch that they could not finish, so that the next run goes on there.</summary>
/// <param name="Taken">The items that the receiver has.</param>
/// <param name="PutAside">The items that are in the quarantine.</param>
/// <param name="Rejected">The items that it rejected alone. They are sent once more before they are put aside.</param>
/// <param name="RejectedUntil">The items from the first open one to this one were rejected together; null where none are known.</param>
internal sealed record BatchMemory(
    ImmutableArray<string> Taken, ImmutableArray<string> PutAside, ImmutableArray<string> Rejected, string? RejectedUntil)
{
    public static readonly BatchMemory Empty = new([], [], [], null);

    public bool IsEmpty => Taken.IsEmpty && PutAside.IsEmpty && Rejected.IsEmpty && RejectedUntil is null;

    /// <summary>Whether a search for the events to blame has begun, and something of the batch was taken.</summary>
    public bool IsSearch => !Taken.IsEmpty && (!Rejected.IsEmpty || RejectedUntil is not null);

    /// <summary>What the checkpoint remembers of a batch, if it was learned from this sink.</summary>
    public static BatchMemory Recall(HeldBatch? held, string? sink) => held is null || held.Sink != sink
        ? Empty
        : new BatchMemory([.. held.Taken ?? []], [.. held.PutAside ?? []], [.. held.Refused ?? []], held.RefusedUntil);

    /// <summary>Writes this memory into the checkpoint's record of the batch.</summary>
    public HeldBatch KeptIn(HeldBatch held, string sink) =>
        held with { Sink = sink, Taken = Taken, PutAside = PutAside, Refused = Rejected, RefusedUntil = RejectedUntil };

    /// <summary>Whether the receiver has the item, or the quarantine.</summary>
    public bool HasSettled(ActivityEvent item) => !IsEmpty && KeyOf(item) is var key && (Taken.Contains(key) || PutAside.Contains(key));

    /// <summary>What an item is remembered by: its id alone may be that of another event in the next run.</summary>
    public static string KeyOf(ActivityEvent item) =>
        Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(item.Id), (byte)'\n', .. item.Bytes.Span]).AsSpan(0, 8));
}
