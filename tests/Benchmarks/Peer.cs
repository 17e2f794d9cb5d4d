namespace Benchmarks;

/// <summary>The same job as a script would do it: plain, honest, and without our promises (no fsync, no retries, no timeouts).</summary>
internal sealed class Peer(string name, string[] program, Workshop workshop, Receiver receiver) : Contestant(name)
{
    public const string Python = "Python script";

    readonly string _checkpoint = Path.Combine(workshop.Place("peer"), $"{name}.json");

    public override string[] Command => [.. program, workshop.Op, receiver.Address, _checkpoint];

    public override void Reset() => File.WriteAllText(_checkpoint, $"{{\"lastEventId\": {Before}}}");

    /// <summary>Those whose tools are there.</summary>
    public static IEnumerable<Peer> All(Workshop workshop, Receiver receiver)
    {
        if (Tools.HasAll("the Python script", "python3"))
        {
            yield return new Peer(Python, [Tools.Python, Workshop.Source("peer.py")], workshop, receiver);
        }

        if (Tools.HasAll("the shell script", "jq", "curl"))
        {
            yield return new Peer("shell script", ["/bin/sh", Workshop.Source("peer.sh")], workshop, receiver);
        }
    }
}
