using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>
/// Judges what is sent by the classes and objects of the Open Cybersecurity Schema Framework, as <c>ocsf.json</c> holds them: what each
/// requires and recommends, of which type, and what its numbers may be. What is optional there it does not know.
/// </summary>
internal static class OcsfSchema
{
    static readonly JsonNode Schema =
        JsonNode.Parse(File.ReadAllText(ShippedFiles.Source("tests/OpCollector.Tests/Delivery/Forms/ocsf.json")))!;

    public static string Version => (string)Schema["version"]!;

    /// <summary>What is wrong with an event; empty where nothing is.</summary>
    public static IReadOnlyList<string> Complaints(JsonObject sent)
    {
        var uid = (int?)sent["class_uid"];
        if (Schema["classes"]!.AsObject().FirstOrDefault(each => (int)each.Value!["uid"]! == uid).Value is not { } of)
        {
            return [$"there is no class {uid}"];
        }

        List<string> complaints = [.. Complaints(of, sent, "")];
        complaints.AddRange((int?)sent["category_uid"] == (int)of["category"]! ? [] : ["category_uid"]);
        complaints.AddRange((int?)sent["type_uid"] == (uid * 100) + (int?)sent["activity_id"] ? [] : ["type_uid"]);
        complaints.AddRange((string?)sent["metadata"]?["version"] == Version ? [] : ["metadata.version"]);
        complaints.AddRange(((int?)sent["activity_id"] == 99) == (sent["activity_name"] is not null) ? [] : ["activity_name"]);
        return complaints;
    }

    static IEnumerable<string> Complaints(JsonNode of, JsonNode? sent, string path)
    {
        if (sent is JsonArray items)
        {
            return items.Count == 0 ? [$"{path} is an empty list"] : items.SelectMany(item => Complaints(of, item, $"{path}[]"));
        }

        if (sent is not JsonObject members)
        {
            return [$"{path} is no object"];
        }

        var known = of["attributes"]!.AsObject();
        var missing = known
            .Where(each => Type(each.Value!).EndsWith('!') && members[each.Key] is null)
            .Select(each => $"{path}.{each.Key} is missing");
        var lacking = of["atLeastOne"] is JsonArray some && !some.Any(name => members[(string)name!] is not null)
            ? [$"{path} has none of {some.ToJsonString()}"]
            : Array.Empty<string>();
        return [
            .. missing,
            .. lacking,
            .. members
                .Where(each => known.ContainsKey(each.Key))
                .SelectMany(each => Value(known[each.Key]!, each.Value, $"{path}.{each.Key}")),
        ];
    }

    static IEnumerable<string> Value(JsonNode attribute, JsonNode? value, string path)
    {
        var type = Type(attribute).TrimEnd('!');
        var kind = value?.GetValueKind();
        if (Schema["objects"]![type] is { } of)
        {
            return Complaints(of, value, path);
        }

        var isRight = type switch
        {
            "string_t" or "hostname_t" or "ip_t" or "url_t" or "email_t" => kind == JsonValueKind.String,
            "integer_t" or "long_t" or "port_t" or "timestamp_t" =>
                kind == JsonValueKind.Number && long.TryParse(value!.ToJsonString(), out _),
            "boolean_t" => kind is JsonValueKind.True or JsonValueKind.False,
            _ => kind is JsonValueKind.Object or JsonValueKind.Array,
        };
        // Every list of numbers has "unknown" and "other".
        var isOneOf = attribute is not JsonArray numbers
            || (int?)value is 0 or 99
            || numbers.Skip(1).Any(each => (int)each! == (int?)value);
        return isRight && isOneOf ? [] : [$"{path} is {value?.ToJsonString() ?? "null"}"];
    }

    static string Type(JsonNode attribute) => attribute is JsonArray list ? (string)list[0]! : (string)attribute!;
}
