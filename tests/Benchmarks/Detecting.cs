using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Benchmarks;

/// <summary>
/// <c>opcollector detect</c> with all built-in rules, their lists filled, on a million events of which one in a thousand is found;
/// beside it jq with the filter of one rule. Both read the file and print what they find.
/// </summary>
internal static class Detecting
{
    public const int Events = 1_000_000;

    const int Users = 500;
    const int Vaults = 300;
    const int Seldom = 1000;

    // Actions that many rules ask for, on what none of them looks for.
    static readonly (string Action, string Type, string AuxInfo)[] Kinds =
    [
        ("patch", "items", "0,1,0,0,0"), ("leave", "gm", ""), ("grant", "gva", "48"), ("view", "report", ""), ("create", "group", "")
    ];

    public static IEnumerable<Contestant> All(Workshop workshop)
    {
        var place = workshop.Place("detecting");
        var events = Path.Combine(place, "events.ndjson");
        WriteEvents(events);
        var configuration = Path.Combine(place, "opcollector.json");
        WriteConfiguration(configuration, place);
        yield return new Tool("opcollector detect, all rules", workshop.Collector, "detect", "--config", configuration, events);
        if (Tools.HasAll("jq", "jq"))
        {
            yield return new Tool(
                "jq, the filter of one rule",
                "/usr/bin/jq",
                "-c",
                "select(.action | IN(\"disblmfa\", \"disablmfa\", \"disblduo\"))",
                events);
        }
    }

    static void WriteEvents(string path)
    {
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false));
        for (var i = 0; i < Events; i++)
        {
            var (action, type, auxInfo) = i % Seldom == 0 ? ("disblmfa", "user", "") : Kinds[i % Kinds.Length];
            file.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"eid\":{3_190_000_000 + i},\"time\":\"2026-09-{1 + (i / 86_400):00}T{i / 3600 % 24:00}:{i / 60 % 60:00}:{i % 60:00}Z\",\"actorUuid\":\"{Uuid('A', i % Users)}\",\"action\":\"{action}\",\"objectType\":\"{type}\",\"objectUuid\":\"{Uuid('v', i % Vaults)}\",\"auxInfo\":\"{auxInfo}\",\"auxUUID\":\"{Uuid('A', (i + 1) % Users)}\"}}\n"));
        }
    }

    static void WriteConfiguration(string path, string place)
    {
        var lists = new JsonObject
        {
            ["admins"] = List('A', Users),
            ["privileged_groups"] = List('g', 20),
            // None of those in the events: a benchmark of detecting, not of writing findings.
            ["privileged_vaults"] = List('w', 20),
            ["own_domains"] = new JsonArray("acme.example"),
            ["sensitive_items"] = List('i', 20),
            ["threat_addresses"] = new JsonArray("198.51.100.0/24"),
        };
        var configuration = new JsonObject
        {
            ["source"] = new JsonObject
            {
                ["type"] = "op",
                ["op"] = new JsonObject { ["account"] = "acme", ["password"] = new JsonObject { ["env"] = "OP_PASSWORD" } }
            },
            ["state"] = new JsonObject { ["directory"] = place },
            ["sink"] = new JsonObject { ["type"] = "stdout" },
            ["detection"] = new JsonObject { ["level"] = "informational", ["lists"] = lists },
        };
        File.WriteAllText(path, configuration.ToJsonString());
    }

    static JsonArray List(char kind, int count) => [.. Enumerable.Range(0, count).Select(number => (JsonNode)Uuid(kind, number))];

    // Base32 has no 0 and no 1: digits become letters.
    static string Uuid(char kind, int number)
    {
        var digits = number.ToString("000000", CultureInfo.InvariantCulture)
            .Select(digit => (char)((char.IsAsciiLetterUpper(kind) ? 'B' : 'b') + digit - '0'));
        return string.Concat(digits).PadLeft(26, kind);
    }
}
