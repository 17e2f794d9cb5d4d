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

    /// <summary>The ids of the findings that a run makes of it which nobody disturbs.</summary>
    public IReadOnlyList<string> Findings { get; private set; } = [];

    public static Task<Situation> NamedAsync(string name) => name switch
    {
        "two pages" => TwoPagesAsync(),
        "malformed item" => MalformedItemAsync(),
        "walk" => WalkAsync(),
        "correlation" => CorrelationAsync(),
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

    /// <summary>
    /// Somebody deletes things, some of them in the last run already: those and the next ones together are a finding. Behind them somebody
    /// else does the same on the next page.
    /// </summary>
    public static async Task<Situation> CorrelationAsync()
    {
        var situation = new Situation();
        var began = DateTimeOffset.UtcNow.AddMinutes(-100);
        situation._before.Account.Append(Deletions(first: 1000, count: 6, began, "A"));
        await situation._before.CollectAsync();
        situation.Delete(first: 2000, count: 4, began.AddMinutes(1), "A");
        situation.Add(count: 96, first: 3000);
        situation.Delete(first: 5000, count: 12, began.AddMinutes(99), "B");
        using var undisturbed = new Trial(situation);
        await undisturbed.Host.CollectAsync();
        situation.Findings = undisturbed.Findings;
        situation.Findings.Should().HaveCountGreaterThan(1);
        return situation;
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

    static string[] Deletions(long first, int count, DateTimeOffset from, string actor) =>
    [
        .. Enumerable.Range(0, count).Select(at => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $$"""{"eid":{{first + at}},"time":"{{from.AddSeconds(at):yyyy-MM-dd'T'HH:mm:ss'Z'}}","actorUuid":"{{actor}}","action":"delete","objectType":"vault","objectUuid":"V{{first + at}}"}""")),
    ];

    void Delete(long first, int count, DateTimeOffset from, string actor)
    {
        _before.Account.Append(Deletions(first, count, from, actor));
        _work.AddRange(Enumerable.Range(0, count).Select(at => first + at));
    }

    void Add(int count, long first) => _work.AddRange(_before.Account.Log(count, first));
}
