using System.Text;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Tests.Fuzzing;

/// <summary>What op prints is mutated: a page of events, lists of names, and what it says on stderr.</summary>
internal static class OpPages
{
    static readonly string[] Formats = ["file", "file", "json", "ndjson", "single", "splunk-hec", "elasticsearch", "opensearch"];

    static readonly string[] Events = File.ReadAllLines(ShippedFiles.Sample("account/events.ndjson"));

    static readonly Dictionary<NameKind, byte[]> Names = Enum.GetValues<NameKind>()
        .ToDictionary(kind => kind, kind => File.ReadAllBytes(ShippedFiles.Sample($"account/{kind.ToString().ToLowerInvariant()}s.json")));

    static readonly string[] Complaints =
    [
        "",
        "",
        "",
        "",
        "[LOG] 2026/11/29 10:00:00 (ERROR) 401: Authentication required",
        "[ERROR] 2026/11/29 10:00:00 connection reset by peer",
        "Update available"
    ];

    /// <summary>A page as op prints it: dense, or over many lines, the newest first.</summary>
    public static string Page(FuzzCase each)
    {
        var from = each.Random.Next(Events.Length - 1);
        var events = Events[from..Math.Min(Events.Length, from + each.Random.Next(1, 12))].Reverse();
        return each.OneIn(3)
            ? $"[\n  {string.Join(",\n  ", events.Select(json => json.Replace(",\"", ",\n    \"", StringComparison.Ordinal)))}\n]\n"
            : $"[{string.Join(',', events)}]\n";
    }

    public static async Task PlayAsync(FuzzCase each)
    {
        var page = each.Mutated("op's page", Page(each));
        var errors = each.OneIn(5) ? Encoding.UTF8.GetString(each.Mutated("op's stderr", each.Any(Complaints))) : "";
        var names = Names.ToDictionary(
            kind => kind.Key, kind => each.OneIn(4) ? each.Mutated($"op's {kind.Key}s", kind.Value) : kind.Value);
        var format = each.Any(Formats);
        var books = new Books(format);
        using var server = new RawServer(books.Take);
        var host = new FuzzHost(each, FuzzHost.Op, format == "file" ? FuzzHost.FileSink : FuzzHost.Webhook(server.Url, format));

        var shown = Shown.ByOp(page);
        OpPage List(OpQuery query)
        {
            var answer = new OpAnswer(errors.Length > 0 ? 1 : 0, Answer(query, page, shown), errors);
            return OpPage.TryParse(answer) ?? throw OpFailure.ClassifyCall(answer).ToFailure("op list events");
        }

        IReadOnlyList<ListedEntity> Listed(NameKind kind) =>
            new ListNames(new NamesOfKind(kind)).Read(new OpAnswer(0, names[kind], "")).Succeeded(out var items, out _)
                ? NameListJson.ReadNames(items)
                : [];

        var code = await host.CollectAsync(List, Listed);
        await host.LookAsync();
        var arrived = format == "file" ? InFile(each.In("events.ndjson")) : books.Events;
        Judge(each, code, shown, arrived, host);

        // What it left must not harm the run after it.
        each.Time.Advance(TimeSpan.FromHours(each.Any([1, 7, 25, 9000])));
        await host.CollectAsync(List, Listed);
        await host.LookAsync();
    }

    // The log holds what the page shows, and nothing else.
    static byte[] Answer(OpQuery query, byte[] page, Shown shown) => query.Side == LogSide.Newest || shown.Items is not { } items
        ? page
        : Encoding.Latin1.GetBytes($"[{string.Join(',', items.Where(item => Shown.Eid(item) is not { } eid || IsAskedFor(query, eid)))}]");

    static bool IsAskedFor(OpQuery query, long eid) => query.Side == LogSide.Newer ? eid > query.Eid : eid < query.Eid;

    static void Judge(FuzzCase each, ExitCode code, Shown shown, IReadOnlyList<string> arrived, FuzzHost host)
    {
        if (!ExitCodes.IsGood(code))
        {
            return;
        }

        if (shown.Items is null)
        {
            each.Complain($"{code}, though op printed no page");
            return;
        }

        var there = arrived.Concat(host.Quarantined).ToHashSet();
        if (shown.Items.FirstOrDefault(item => !there.Contains(item)) is { } lost)
        {
            each.Complain($"{code}, and neither delivered nor in the quarantine: {lost[..Math.Min(200, lost.Length)]}");
        }

        var eids = arrived.Where(shown.Items.ToHashSet().Contains).Select(Shown.Eid).OfType<long>().ToArray();
        if (!eids.SequenceEqual(eids.Order()))
        {
            each.Complain($"{code}, and delivered in another order: {string.Join(' ', eids)}");
        }
    }

    public static IReadOnlyList<string> InFile(string path) => File.Exists(path)
        ? [.. File.ReadAllLines(path, Encoding.Latin1).Select(line => Books.Bare(Encoding.Latin1.GetBytes(line)))]
        : [];
}
