using System.Collections.Immutable;
using OpCollector.Events;

namespace OpCollector.Delivery.Webhook;

/// <summary>What has become of the items of a batch so far: which the receiver has, and which it rejects.</summary>
/// <param name="earlier">An item of another batch that the receiver took in this run; null where there is none.</param>
internal sealed class ItemOutcomes(Batch batch, Batch? earlier)
{
    readonly HashSet<string> _takenBefore = IdsOf(batch, batch.Memory.Taken);
    readonly HashSet<string> _asideBefore = IdsOf(batch, batch.Memory.PutAside);
    readonly List<ActivityEvent> _accepted = [];
    readonly List<RejectedEvent> _rejected = [];

    /// <summary>The items that earlier runs sent alone and that were rejected.</summary>
    public HashSet<string> RejectedBefore { get; } = IdsOf(batch, batch.Memory.Rejected);

    /// <summary>Whether the receiver has taken anything of it in this run.</summary>
    public bool HasAccepted => _accepted.Count > 0;

    /// <summary>What is still to be delivered.</summary>
    public Batch Open => IsUntouched
        ? batch
        : batch with { Events = [.. batch.Events.ExceptBy([.. Taken, .. Aside(_rejected)], each => each.Id)] };

    /// <summary>The requests that are to be sent; a search that an earlier run began goes on.</summary>
    public BatchParts OpenParts(RequestSize size) => batch.Memory.IsSearch
        ? BatchParts.Resumed(Open, size, RejectedBefore, RejectedUntil)
        : new BatchParts(Open, size, RejectedBefore);

    /// <summary>Something that the receiver has taken, to see whether it still takes things; null where it has taken nothing yet.</summary>
    public Batch? Control => _accepted.Count > 0 ? batch with { Events = [_accepted[^1]] }
        : Chosen(_takenBefore) is [.., var taken] ? batch with { Events = [taken] }
        : earlier;

    /// <summary>Rejects what is too large to be sent: the receiver would cut it short without a word.</summary>
    public void KeepBack(int? most) => Reject(Open.Events.Where(each => each.Sent.Length > most).Select(each => new RejectedEvent(
        each,
        Verdict.TooBig,
        $"takes events of {most} bytes (sink.limits.eventBytes), and this one has {each.Sent.Length}")));

    public void Accept(IEnumerable<ActivityEvent> taken) => _accepted.AddRange(taken);

    public void Reject(params IEnumerable<RejectedEvent> rejected) => _rejected.AddRange(rejected);

    /// <summary>What came of the delivery.</summary>
    /// <param name="end">What ended it before its end; null where nothing did.</param>
    public Receipt Close(Exception? end, BatchParts parts)
    {
        var receipt = new Receipt(_accepted, InOrder(_rejected))
        {
            End = end,
            SettledEarlier = Chosen([.. _takenBefore, .. _asideBefore]),
        };
        if (end is null)
        {
            return receipt;
        }

        // If the run's time is over, rejections are final. If the sink failed, the rejected items are sent again by the next run.
        receipt = receipt with { Rejected = end is Failure || Control is null ? [] : receipt.Rejected };
        HashSet<string> aside = [.. Aside(receipt.Rejected)];
        HashSet<string> rejected = [.. parts.Suspects.Select(each => each.Batch.Events[0].Id), .. Aside(_rejected), .. RejectedBefore];
        rejected.ExceptWith([.. Taken, .. aside]);
        return receipt with
        {
            Memory = new BatchMemory(
                KeysOf([.. Taken]),
                KeysOf(aside),
                // With all of them rejected the search begins anew.
                rejected.Count == batch.Events.Count ? [] : KeysOf(rejected),
                parts.RejectedUntil is { } until ? BatchMemory.KeyOf(until) : null),
        };
    }

    // The last of the first open items that earlier runs know to be rejected together.
    string? RejectedUntil => batch.Memory.RejectedUntil is not { } key ? null
        : batch.Events.FirstOrDefault(each => BatchMemory.KeyOf(each) == key)?.Id;

    bool IsUntouched => _takenBefore.Count + _asideBefore.Count + _accepted.Count + _rejected.Count == 0;

    IEnumerable<string> Taken => [.. _takenBefore, .. _accepted.Select(each => each.Id)];

    IEnumerable<string> Aside(IEnumerable<RejectedEvent> rejected) => [.. _asideBefore, .. rejected.Select(each => each.Event.Id)];

    IReadOnlyList<ActivityEvent> Chosen(HashSet<string> ids) =>
        ids.Count == 0 ? [] : [.. batch.Events.Where(each => ids.Contains(each.Id))];

    IReadOnlyList<RejectedEvent> InOrder(List<RejectedEvent> rejected)
    {
        if (rejected.Count < 2)
        {
            return [.. rejected];
        }

        var places = batch.Events.Index().ToDictionary(each => each.Item.Id, each => each.Index);
        return [.. rejected.OrderBy(each => places[each.Event.Id])];
    }

    ImmutableArray<string> KeysOf(HashSet<string> ids) => [.. Chosen(ids).Select(BatchMemory.KeyOf)];

    static HashSet<string> IdsOf(Batch batch, ImmutableArray<string> keys)
    {
        var wanted = keys.ToHashSet();
        return wanted.Count == 0 ? [] : [.. batch.Events.Where(each => wanted.Contains(BatchMemory.KeyOf(each))).Select(each => each.Id)];
    }
}
