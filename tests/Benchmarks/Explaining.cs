using System.Buffers;
using System.Globalization;
using System.Text;
using OpCollector.Cli.Input;
using OpCollector.Delivery.Forms;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace Benchmarks;

/// <summary>
/// Names and sentences for many events of about 200 bytes, by 500 users, 50 groups and 300 vaults; beside it Python's json and jq,
/// which add the actor's name and nothing else.
/// </summary>
internal static class Explaining
{
    public const string Command = "explain";
    public const int Events = 500_000;

    const long FirstEid = 3_190_000_000;

    // An event, its names and its sentence, in bytes.
    const int Longest = 600;

    const int Users = 500;
    const int Groups = 50;
    const int Vaults = 300;

    static readonly (string Action, string Type, string AuxInfo)[] Kinds =
    [
        ("patch", "items", "0,1,0,0,0"), ("join", "gm", "R"), ("grant", "uva", "48"), ("export", "vault", "")
    ];

    /// <summary>Everybody and everything in the events.</summary>
    public static NameBook Names => new(Named(Users, "USER"), Named(Groups, "group"), Named(Vaults, "vault"), []);

    /// <summary>An event of op.</summary>
    public static string Event(int i)
    {
        var (action, type, auxInfo) = Kinds[i % Kinds.Length];
        var target = type == "gm" ? Uuid("group", i % Groups) : Uuid("vault", i % Vaults);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"eid\":{FirstEid + i},\"time\":\"2026-09-01T08:{i / 60 % 60:00}:{i % 60:00}Z\",\"actorUuid\":\"{Uuid("USER", i % Users)}\",\"action\":\"{action}\",\"objectType\":\"{type}\",\"objectUuid\":\"{target}\",\"auxInfo\":\"{auxInfo}\",\"auxUUID\":\"{Uuid("USER", (i + 1) % Users)}\"}}");
    }

    public static IEnumerable<Contestant> All(Workshop workshop)
    {
        var place = workshop.Place("explaining");
        var events = Path.Combine(place, "events.ndjson");
        WriteEvents(events);
        WriteNames(Path.Combine(place, "users.json"), Users, "USER");
        WriteNames(Path.Combine(place, "groups.json"), Groups, "group");
        WriteNames(Path.Combine(place, "vaults.json"), Vaults, "vault");
        var map = Path.Combine(place, "names.json");
        File.WriteAllText(map, $"{{{string.Join(',', Enumerable.Range(0, Users).Select(i => $"\"{Uuid("USER", i)}\":\"USER {i}\""))}}}");
        foreach (var (name, shape) in new[] { ("opcollector's enricher", "native"), ("the same, and then ocsf", "ocsf") })
        {
            yield return new Tool(name, Tools.Dotnet, typeof(Explaining).Assembly.Location, Command, events, place, shape);
        }

        if (Tools.HasAll("Python", "python3"))
        {
            yield return new Tool(Peer.Python, Tools.Python, Workshop.Source("explain.py"), events, map);
        }

        if (Tools.HasAll("jq", "jq"))
        {
            yield return new Tool("jq", "/usr/bin/jq", "-c", "--slurpfile", "names", map, ".actorName = $names[0][.actorUuid]", events);
        }
    }

    /// <summary>What is measured: lines in, lines out, as a page goes through the product.</summary>
    public static void Explain(string events, string names, Shape shape)
    {
        var book = new NameBook(Named(names, "users"), Named(names, "groups"), Named(names, "vaults"), []);
        var unknown = new HashSet<UnknownName>();
        using var output = new BufferedStream(Console.OpenStandardOutput(), 1 << 16);
        var (enricher, next, shaped, scratch) = ((Enricher?)null, FirstEid, shape.ForPage(), new ArrayBufferWriter<byte>());
        foreach (var (line, _) in new EventFiles(Streams.Audit, Serilog.Core.Logger.None).Read([events]))
        {
            var each = ActivityEvent.Read(line, EventIdentity.Op).Event!;
            if (each.Eid != next++)
            {
                throw new BenchmarkException($"The event {each.Eid} is not the next one");
            }

            // A page has one, and as much memory as its events are going to need.
            enricher = enricher is null || each.Eid % OpPage.Full == 0
                ? new Enricher(Dialect.Op, book, Vocabulary.Standard, OpPage.Full * Longest)
                : enricher;
            scratch.ResetWrittenCount();
            output.Write(shaped.Convert(enricher.Enrich(each, Streams.Audit, unknown), Streams.Audit, scratch).Span);
            output.WriteByte((byte)'\n');
        }
    }

    static NameList Named(int count, string kind) =>
        NameList.Empty with { Names = [.. NameListJson.Read(Encoding.UTF8.GetBytes(NamesOf(count, kind))).Select(NamedEntity.From)] };

    static NameList Named(string directory, string list) =>
        NameList.Empty with
        {
            Names = [.. NameListJson.Read(File.ReadAllBytes(Path.Combine(directory, $"{list}.json"))).Select(NamedEntity.From)],
        };

    static void WriteEvents(string path)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false));
        for (var i = 0; i < Events; i++)
        {
            file.Write(Event(i));
            file.Write('\n');
        }
    }

    static void WriteNames(string path, int count, string kind) => File.WriteAllText(path, NamesOf(count, kind));

    static string NamesOf(int count, string kind) =>
        $"[{string.Join(',', Enumerable.Range(0, count).Select(i => $"{{\"uuid\":\"{Uuid(kind, i)}\",\"name\":\"{kind} {i}\",\"email\":\"{kind}{i}@acme.example\"}}"))}]";

    static string Uuid(string kind, int number) => string.Create(CultureInfo.InvariantCulture, $"{kind}{number:000000}").PadRight(26, 'X');
}
