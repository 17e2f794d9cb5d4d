namespace Benchmarks;

/// <summary>The loop that 1Password's documents suggest, as a Python script: no fsync, no retries, no look back.</summary>
internal sealed class EventsPeer(string interpreter, Workshop workshop, EventsApiServer api, Receiver receiver) : Contestant(Peer.Python)
{
    readonly string _checkpoint = Path.Combine(workshop.Place("events-peer"), "cursor.json");

    public override string[] Command => [interpreter, Workshop.Source("events_peer.py"), api.Address, receiver.Address, _checkpoint];

    public override void Reset() => File.Delete(_checkpoint);
}
