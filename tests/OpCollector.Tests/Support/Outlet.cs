using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>Where one host delivers while its runs are disturbed.</summary>
internal abstract class Outlet : IDisposable
{
    /// <summary>What arrived, in the order in which it came; a torn line is not there.</summary>
    public abstract IReadOnlyList<JsonNode> Items { get; }

    /// <summary>What arrived where findings go.</summary>
    public virtual IReadOnlyList<JsonNode> ItemsForFindings => Items;

    /// <summary>The ids of the events, in the order in which they came.</summary>
    public long[] Eids => [.. Items.Select(item => (long?)item["eid"]).OfType<long>()];

    /// <summary>The ids of the findings, each once: a repetition has the same one.</summary>
    public IReadOnlyList<string> Findings =>
        [.. ItemsForFindings.Where(IsFinding).Select(item => (string)item["id"]!).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>How often the finding came that came most often.</summary>
    public int TimesOfAFinding =>
        ItemsForFindings.Where(IsFinding).GroupBy(item => (string)item["id"]!).Select(same => same.Count()).DefaultIfEmpty().Max();

    /// <summary>Whether everything took its own route.</summary>
    public virtual bool IsSorted => true;

    protected bool AreApart => !Items.Any(IsFinding) && ItemsForFindings.All(IsFinding);

    /// <summary>Makes a host deliver here.</summary>
    public abstract void Take(Sandbox host);

    public virtual void Dispose()
    {
    }

    static bool IsFinding(JsonNode item) => (string?)item["kind"] == "finding";

    protected static JsonNode? Parsed(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The file of the sandbox.</summary>
internal class FileOutlet : Outlet
{
    protected Sandbox? Host { get; private set; }

    public override IReadOnlyList<JsonNode> Items => Host is null ? [] : In(Host.Output);

    public override void Take(Sandbox host) => Host = host;

    protected static IReadOnlyList<JsonNode> In(string file) =>
        File.Exists(file) ? [.. File.ReadAllLines(file).Select(Parsed).OfType<JsonNode>()] : [];
}

/// <summary>The file of the sandbox, and a file beside it for the findings.</summary>
internal sealed class TwoFiles : FileOutlet
{
    const string Name = "findings.ndjson";

    public override IReadOnlyList<JsonNode> ItemsForFindings => In(Path.Combine(Path.GetDirectoryName(Host!.Output)!, Name));

    public override bool IsSorted => AreApart;

    public override void Take(Sandbox host)
    {
        base.Take(host);
        var sink = host.Configuration["sink"]!;
        var file = Path.Combine(Path.GetDirectoryName((string)sink["path"]!)!, Name);
        sink["routes"] = new JsonObject { ["findings"] = new JsonObject { ["path"] = file } };
    }
}

/// <summary>A webhook.</summary>
internal class OneReceiver : Outlet
{
    readonly Receiver _receiver = new();

    public override IReadOnlyList<JsonNode> Items => Of(_receiver);

    public override void Take(Sandbox host) => host.To(_receiver);

    public override void Dispose()
    {
        base.Dispose();
        _receiver.Dispose();
    }

    protected static IReadOnlyList<JsonNode> Of(Receiver receiver) =>
    [
        .. receiver.Requests
            .Where(request => request.IsAccepted)
            .SelectMany(request => JsonNode.Parse(request.Body)!.AsArray())
            .OfType<JsonNode>(),
    ];
}

/// <summary>A webhook for which nothing is left, because events have a route of their own, and findings another.</summary>
internal sealed class TwoRoutes : OneReceiver
{
    readonly Receiver _events = new();
    readonly Receiver _findings = new();

    public override IReadOnlyList<JsonNode> Items => Of(_events);

    public override IReadOnlyList<JsonNode> ItemsForFindings => Of(_findings);

    public override bool IsSorted => AreApart && base.Items.Count == 0;

    public override void Take(Sandbox host)
    {
        base.Take(host);
        host.Configuration["sink"]!["routes"] = new JsonObject
        {
            ["audit"] = new JsonObject { ["url"] = _events.Url },
            ["findings"] = new JsonObject { ["url"] = _findings.Url },
        };
    }

    public override void Dispose()
    {
        base.Dispose();
        _events.Dispose();
        _findings.Dispose();
    }
}

/// <summary>A folder of a bucket.</summary>
internal sealed class BucketOutlet(ObjectStore store) : Outlet
{
    readonly string _prefix = $"{Guid.NewGuid():n}/";

    public override IReadOnlyList<JsonNode> Items => [.. store.LinesAsTheyCame(_prefix).Select(Parsed).OfType<JsonNode>()];

    public override void Take(Sandbox host)
    {
        var sink = store.Sink();
        sink["prefix"] = _prefix;
        host.Configuration["sink"] = sink;
        host.Environment["S3_SECRET"] = ObjectStore.Key;
        host.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
    }
}
