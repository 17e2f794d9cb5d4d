using System.Text;
using OpCollector.Delivery.Forms;
using OpCollector.Events;

namespace OpCollector.Delivery;

/// <summary>The way of one kind of item: the sink that it goes to, and the form in which it is sent there.</summary>
/// <param name="name">Its name under <c>sink.routes</c>; empty for the sink itself.</param>
internal sealed class Route(string name, Sink sink, SentForm form) : IDisposable
{
    /// <summary>The name of the sink itself, which takes what no other route takes.</summary>
    public const string Usual = "";

    /// <summary>The route of findings, of whatever stream.</summary>
    public const string Findings = "findings";

    /// <summary>The routes that a configuration may have: one for each stream, and one for findings.</summary>
    public static readonly string[] Names = [.. Streams.All, Findings];

    public string Name => name;

    /// <summary>How its sink is called in messages.</summary>
    public string SinkName => sink.Name;

    /// <summary>Whether what an item is sent as holds the item.</summary>
    public bool HoldsTheEvent => form.Event?.HoldsTheEvent ?? true;

    /// <summary>The settings by which a receiver may take everything or nothing, in words.</summary>
    public string Settings => form.Key.Length == 0 ? "url, format and auth" : "url, format, auth, shape, add and event";

    /// <summary>By what is remembered that it has accepted something; null where nothing can be rejected.</summary>
    public string? Fingerprint { get; } = sink.Fingerprint is { } known && (name.Length > 0 || form.Key.Length > 0)
        ? Digest.Compute(Encoding.UTF8.GetBytes($"{known} {name} {form.Key}"))[..Sink.FingerprintLength]
        : sink.Fingerprint;

    /// <summary>What the checkpoint says of it: the stream alone does not tell two routes of one page apart.</summary>
    public string? NameInCheckpoint => name.Length > 0 ? name : null;

    /// <summary>Whether its receiver has taken something before; always where nothing can be rejected.</summary>
    /// <param name="accepted">The fingerprints of the routes that have, by name.</param>
    public bool IsKnownTo(IReadOnlyDictionary<string, string> accepted) => Fingerprint == accepted.GetValueOrDefault(name);

    /// <exception cref="Failure">Nothing of the batch is delivered, and nothing counts as delivered.</exception>
    public async Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
    {
        using var formed = form.Apply(batch.Events, batch.Stream);
        return await sink.DeliverAsync(batch with { Events = formed.Items }, limits);
    }

    /// <summary>Whether its receiver can be reached, in a few words, without delivering anything.</summary>
    public Task<string> CheckAsync(CancellationToken ct) => sink.CheckAsync(ct);

    public void Dispose() => sink.Dispose();
}
