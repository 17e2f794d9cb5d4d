using System.Globalization;
using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>
/// The engine against a second one that is slow and obvious: random rules, random events, the same verdict on each pair. More of them with
/// <c>OPCOLLECTOR_RULES=100000</c>.
/// </summary>
public sealed class EngineSpecs
{
    const int OrdinaryRules = 1500;
    const int EventsOfRule = 6;

    static readonly string[] Fields = ["f", "g", "h.i"];
    static readonly string[] Named = ["f", "g"];
    static readonly int[] Parts = [23, 2, 10, 2026, 45];
    static readonly string[] Letters = ["a", "B", "\\", "\\\\", "*", "?", "-", "/", "\u2013", " ", "1", "Å", "😀", "."];

    static readonly string[] Texts =
    [
        "a", "A", "ab", "a\\", "C:\\", "\\sysvol\\", "a\\sysvol\\b", "-enc", "/ENC a", "\u2014enc", "*", "a*", "?", "\\*", "1", "7",
        "1.0", "", "10.1.2.3", "10.1.2.300", "2026-03-09T23:45:00Z", "2026-03-09T23:45:00-03:00", "true", "a b",
        "Å", "å😀", "YWI=", "xYWJjY", "a\0b\0",
    ];

    // What goes together, in the order in which it works.
    static readonly string[][] Modifiers =
    [
        [], [], [], ["contains"], ["startswith"], ["endswith"], ["cased"], ["contains", "cased"], ["neq"], ["contains", "neq"], ["all"],
        ["contains", "all"], ["windash"], ["windash", "contains"], ["base64"], ["base64", "contains"], ["base64offset", "contains"],
        ["wide"], ["wide", "base64offset", "contains"], ["utf16be", "startswith"], ["utf16", "base64"], ["re"], ["re", "i"], ["cidr"],
        ["lt"], ["lte"], ["gt"], ["gte", "neq"], ["exists"], ["fieldref"], ["fieldref", "contains"], ["fieldref", "cased"],
        ["fieldref", "neq"], ["hour"], ["day", "gte"], ["week"], ["month", "lt"], ["minute", "neq"], ["year"],
    ];

    [Fact]
    public void Every_pair_of_a_rule_and_an_event_is_judged_as_by_the_other()
    {
        var random = new Random(Seeds.Draw());
        var (matches, pairs) = (0, 0);
        for (var rule = 0; rule < (Seeds.Variable("OPCOLLECTOR_RULES") ?? OrdinaryRules); rule++)
        {
            SlowItem[][] selections = [.. Enumerable.Range(0, 2).Select(_ => Selection(random))];
            var (condition, holds) = Condition(random);
            var detection = $"s0:\n{Yaml(selections[0])}s1:\n{Yaml(selections[1])}condition: {condition}";
            var sigma = Sigma.Detection(detection);
            for (var at = 0; at < EventsOfRule; at++)
            {
                var json = Event(random);
                var expected = holds(SlowSigma.Matches(selections[0], json), SlowSigma.Matches(selections[1], json));
                sigma.Matches(json.ToJsonString()).Should().Be(expected, $"{detection}\n{json.ToJsonString()}");
                (matches, pairs) = (matches + (expected ? 1 : 0), pairs + 1);
            }
        }

        matches.Should().BeInRange(pairs / 10, pairs * 9 / 10, "a comparison in which nothing matches shows nothing");
    }

    static SlowItem[] Selection(Random random) => [.. Enumerable.Range(0, random.Next(1, 3))
        .Select(_ => Item(random))
        .DistinctBy(item => (item.Field, string.Join('|', item.Modifiers)))];

    static SlowItem Item(Random random)
    {
        var modifiers = Modifiers[random.Next(Modifiers.Length)];
        var isWord = modifiers is [] or ["all"] or ["cased"] or ["base64offset", "contains"] && random.Next(6) == 0;
        var count = modifiers is ["exists"] ? 1 : modifiers.Contains("all") ? 2 : random.Next(1, 3);
        var values = Enumerable.Range(0, count).Select(_ => Value(random, modifiers, isWord)).Distinct().ToArray();
        return modifiers.Contains("all") && values.Length < 2
            ? Item(random)
            : new SlowItem(isWord ? "" : Fields[random.Next(Fields.Length)], modifiers, values);
    }

    static object? Value(Random random, string[] modifiers, bool isWord) => modifiers switch
    {
        ["exists"] => random.Next(2) == 0,
        ["fieldref", ..] => Fields[random.Next(Fields.Length)],
        ["re", ..] => random.Next(4) switch { 0 => "^a.*$", 1 => "[A-B]+", 2 => "\\\\", _ => "^$|1" },
        ["cidr"] => random.Next(2) == 0 ? "10.1.0.0/16" : "0.0.0.0/0",
        ["lt" or "lte" or "gt" or "gte", ..] => random.Next(9),
        ["hour" or "day" or "week" or "month" or "minute" or "year", ..] => Parts[random.Next(Parts.Length)],
        [] when !isWord && random.Next(5) == 0 => random.Next(4) switch { 0 => null, 1 => true, 2 => 7, _ => 1 },
        _ when modifiers.Any(each => each is "base64" or "base64offset" or "wide" or "utf16" or "utf16be") => random.Next(3) switch
        {
            0 => "a",
            1 => "ab",
            _ => "abc"
        },
        _ => random.Next(3) > 0 || isWord
            ? string.Concat(Enumerable.Range(0, random.Next(isWord ? 1 : 0, 5)).Select(_ => Letters[random.Next(Letters.Length)]))
            : Texts[random.Next(Texts.Length)],
    };

    static JsonObject Event(Random random)
    {
        JsonNode? Leaf() => random.Next(10) switch
        {
            0 => null,
            1 => JsonValue.Create(random.Next(9)),
            2 => JsonValue.Create(random.Next(2) == 0),
            3 => JsonValue.Create(string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Letters[random.Next(Letters.Length)]))),
            _ => JsonValue.Create(Texts[random.Next(Texts.Length)]),
        };
        JsonNode? Value() => random.Next(6) == 0 ? new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Leaf())]) : Leaf();
        var json = new JsonObject();
        foreach (var field in Named.Where(_ => random.Next(5) > 0))
        {
            json[field] = Value();
        }

        if (random.Next(3) > 0)
        {
            json["h"] = random.Next(4) == 0
                ? new JsonArray(new JsonObject { ["i"] = Value() }, new JsonObject { ["x"] = 1 })
                : new JsonObject { ["i"] = Value() };
        }

        return json;
    }

    static (string Condition, Func<bool, bool, bool> Holds) Condition(Random random) => random.Next(7) switch
    {
        0 => ("s0 and s1", (a, b) => a && b),
        1 => ("s0 or not s1", (a, b) => a || !b),
        2 => ("not s0 and s1", (a, b) => !a && b),
        3 => ("1 of s*", (a, b) => a || b),
        4 => ("all of them", (a, b) => a && b),
        5 => ("not (s0 or s1)", (a, b) => !(a || b)),
        _ => ("[s0, s1]", (a, b) => a || b),
    };

    static string Yaml(SlowItem[] selection) => string.Concat(selection.Select(item =>
    {
        var key = string.Join('|', [item.Field, .. item.Modifiers]);
        return item is { Field: "", Modifiers: [] }
            ? Words(item.Values, selection.Length)
            : $"  '{key}':\n{string.Concat(item.Values.Select(value => $"    - {Scalar(value)}\n"))}";
    }));

    // A list of words is a selection of its own, so beside another field it needs an empty name.
    static string Words(object?[] values, int items) => string.Concat(
        values.Select(value => items == 1 ? $"  - {Scalar(value)}\n" : "").Prepend(items == 1 ? "" : "  '':\n")
            .Concat(values.Select(value => items == 1 ? "" : $"    - {Scalar(value)}\n")));

    static string Scalar(object? value) => value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        int number => number.ToString(CultureInfo.InvariantCulture),
        _ => $"\"{string.Concat($"{value}".Select(c => c is '"' or '\\' ? $"\\{c}" : c == '\0' ? "\\0" : $"{c}"))}\"",
    };
}
