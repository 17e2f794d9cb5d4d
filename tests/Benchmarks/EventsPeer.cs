namespace Benchmarks;

/// <summary>The loop that 1Password's documents suggest, as a script: no fsync, no retries, no look back.</summary>
internal sealed class EventsPeer(string name, string interpreter, string script, Workshop workshop, EventsApiServer api, Receiver receiver)
    : Contestant(name)
{
    readonly string _checkpoint = Path.Combine(workshop.Place("events-peer"), $"{Path.GetFileName(script)}.json");

    public override string[] Command => [interpreter, Workshop.Source(script), api.Address, receiver.Address, _checkpoint];

    public override void Reset() => File.Delete(_checkpoint);

    /// <summary>Those whose tools are there, and the one that is asked for.</summary>
    public static IEnumerable<EventsPeer> All(Options options, Workshop workshop, EventsApiServer api, Receiver receiver)
    {
        if (options.Beside is { } script)
        {
            yield return new EventsPeer(Path.GetFileNameWithoutExtension(script), Tools.Python, script, workshop, api, receiver);
        }

        if (Tools.HasAll("the Python scripts", "python3"))
        {
            yield return new EventsPeer(Peer.Python, Tools.Python, "events_peer.py", workshop, api, receiver);
            if (Tools.Try(Tools.Python, "-c", "import requests"))
            {
                yield return new EventsPeer("Python with requests", Tools.Python, "events_peer_requests.py", workshop, api, receiver);
            }
        }

        if (Tools.HasAll("the Node script", "node"))
        {
            yield return new EventsPeer("Node script", "node", "events_peer.mjs", workshop, api, receiver);
        }
    }
}
