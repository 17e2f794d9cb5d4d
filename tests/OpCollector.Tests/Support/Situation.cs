namespace OpCollector.Tests.Support;

/// <summary>
/// A collector with work to do: what its last run left, and a log that has grown since. It is made once and given out as often
/// as a test wants to disturb the run that does the work.
/// </summary>
internal sealed class Situation : IDisposable
{
    readonly Sandbox _before = new();
    readonly List<long> _work = [];

    Situation() => _before.Configuration["start"] = "999";

    /// <summary>The ids that the next runs have to deliver, in their order.</summary>
    public long[] Work => [.. _work];

    /// <summary>The position of the item that is no event and belongs into the quarantine; null where there is none.</summary>
    public long? Malformed { get; private set; }

    public static Task<Situation> NamedAsync(string name) => name switch
    {
        "two pages" => TwoPagesAsync(),
        "malformed item" => MalformedItemAsync(),
        "walk" => WalkAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such situation"),
    };

    /// <summary>An event was delivered, and two pages came after it.</summary>
    public static async Task<Situation> TwoPagesAsync()
    {
        var situation = new Situation();
        await situation.RunAsync();
        situation.Add(180, first: 2000);
        return situation;
    }

    /// <summary>The same, with an item on the first page that is no event.</summary>
    public static async Task<Situation> MalformedItemAsync()
    {
        var situation = new Situation();
        await situation.RunAsync();
        situation.Add(20, first: 2000);
        situation.Malformed = 2900;
        situation._before.Account.Append("@eid=2900\t" + """{"no":"event"}""");
        situation.Add(160, first: 3000);
        return situation;
    }

    /// <summary>Nothing was delivered yet, and three pages must be walked back to, for the server shows the newest first.</summary>
    public static Task<Situation> WalkAsync()
    {
        var situation = new Situation();
        situation._before.Account.With("newer", "newest100");
        situation._before.Configuration["start"] = "oldest";
        situation.Add(230, first: 2000);
        return Task.FromResult(situation);
    }

    /// <summary>A host with the same configuration and the same log, on which nothing has run.</summary>
    public Sandbox Host()
    {
        var host = new Sandbox();
        foreach (var (member, value) in _before.Configuration)
        {
            host.Configuration[member] = value?.DeepClone();
        }

        _before.Account.CopyTo(host.Account);
        return host;
    }

    /// <summary>Makes what the last run left the state of another host.</summary>
    public void CopyState(string directory)
    {
        if (Directory.Exists(_before.State("")))
        {
            Directory.CreateDirectory(directory, File.GetUnixFileMode(_before.State("")));
            foreach (var file in Directory.GetFiles(_before.State("")))
            {
                File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
            }
        }
    }

    public void Dispose() => _before.Dispose();

    async Task RunAsync()
    {
        _before.Account.Log(1);
        await _before.CollectAsync();
    }

    void Add(int count, long first) => _work.AddRange(_before.Account.Log(count, first));
}
