using System.Collections.Immutable;
using OpCollector.Events;

namespace OpCollector.Delivery.Webhook;

/// <summary>What has become of the items of a batch so far: which the receiver has, and which it refuses.</summary>
/// <param name="earlier">An item of another batch that the receiver took in this run; null where there is none.</param>
internal sealed class ItemOutcomes(Batch batch, Batch? earlier)
{
    readonly HashSet<string> _takenBefore = IdsOf(batch, batch.Memory.Taken);
    readonly HashSet<string> _asideBefore = IdsOf(batch, batch.Memory.PutAside);
    readonly List<ActivityEvent> _accepted = [];
    readonly List<RefusedEvent> _refused = [];

    /// <summary>The items that earlier runs sent alone, in vain.</summary>
    public HashSet<string> RefusedBefore { get; } = IdsOf(batch, batch.Memory.Refused);

    /// <summary>The last of the first open items that earlier runs know to be refused together; null where there are none.</summary>
    public string? RefusedUntil => batch.Memory.RefusedUntil is not { } key ? null
        : batch.Events.FirstOrDefault(each => BatchMemory.KeyOf(each) == key)?.Id;

    /// <summary>Whether the receiver has taken anything of it in this run.</summary>
    public bool HasAccepted => _accepted.Count > 0;

    /// <summary>What is still to be delivered.</summary>
    public Batch Open => batch with { Events = [.. batch.Events.ExceptBy([.. Taken, .. Aside(_refused)], each => each.Id)] };

    /// <summary>Something that the receiver has taken, to see whether it still takes things; null where it has taken nothing yet.</summary>
    public Batch? Control => _accepted.Count > 0 ? batch with { Events = [_accepted[^1]] }
        : Chosen(_takenBefore) is [.., var taken] ? batch with { Events = [taken] }
        : earlier;

    /// <summary>Refuses what is too large to be sent: the receiver would cut it short without a word.</summary>
    public void KeepBack(int? most) => Refuse(Open.Events.Where(each => each.Sent.Length > most).Select(each => new RefusedEvent(
        each,
        Verdict.TooBig,
        $"takes events of {most} bytes (sink.limits.eventBytes), and this one has {each.Sent.Length}")));

    public void Accept(IEnumerable<ActivityEvent> taken) => _accepted.AddRange(taken);

    public void Refuse(params IEnumerable<RefusedEvent> refused) => _refused.AddRange(refused);

    /// <summary>What came of the delivery.</summary>
    /// <param name="end">What ended it before its end; null where nothing did.</param>
    public Receipt Close(Exception? end, BatchParts parts)
    {
        var places = batch.Events.Index().ToDictionary(each => each.Item.Id, each => each.Index);
        var receipt = new Receipt(_accepted, [.. _refused.OrderBy(each => places[each.Event.Id])])
        {
            End = end,
            Earlier = Chosen([.. _takenBefore, .. _asideBefore]),
        };
        if (end is null)
        {
            return receipt;
        }

        // Where the run's time is over, what is refused is refused. Where the receiver failed, it is asked once more.
        receipt = receipt with { Refused = end is Failure || Control is null ? [] : receipt.Refused };
        HashSet<string> aside = [.. Aside(receipt.Refused)];
        HashSet<string> refused = [.. parts.Suspects.Select(each => each.Batch.Events[0].Id), .. Aside(_refused), .. RefusedBefore];
        refused.ExceptWith([.. Taken, .. aside]);
        return receipt with
        {
            Memory = new BatchMemory(
                KeysOf([.. Taken]),
                KeysOf(aside),
                // With all of them refused the search begins anew.
                refused.Count == batch.Events.Count ? [] : KeysOf(refused),
                parts.RefusedUntil is { } until ? BatchMemory.KeyOf(until) : null),
        };
    }

    IEnumerable<string> Taken => [.. _takenBefore, .. _accepted.Select(each => each.Id)];

    IEnumerable<string> Aside(IEnumerable<RefusedEvent> refused) => [.. _asideBefore, .. refused.Select(each => each.Event.Id)];

    IReadOnlyList<ActivityEvent> Chosen(HashSet<string> ids) =>
        ids.Count == 0 ? [] : [.. batch.Events.Where(each => ids.Contains(each.Id))];

    ImmutableArray<string> KeysOf(HashSet<string> ids) => [.. Chosen(ids).Select(BatchMemory.KeyOf)];

    static HashSet<string> IdsOf(Batch batch, ImmutableArray<string> keys)
    {
        var wanted = keys.ToHashSet();
        return wanted.Count == 0 ? [] : [.. batch.Events.Where(each => wanted.Contains(BatchMemory.KeyOf(each))).Select(each => each.Id)];
    }
}
