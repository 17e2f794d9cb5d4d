using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using OpCollector.Configuration;

namespace OpCollector.Tests;

/// <summary>The schema and the program mean the same: what it knows, what it takes for the default, what it refuses.</summary>
public sealed partial class ConfigurationSchemaSpecs : IDisposable
{
    static readonly string File = ShippedFiles.Sample("opcollector.schema.json");
    static readonly JsonNode Raw = JsonNode.Parse(System.IO.File.ReadAllText(File))!;
    static readonly JsonSchema Schema = JsonSchema.FromText(System.IO.File.ReadAllText(File));
    static readonly EvaluationOptions Short = new() { OutputFormat = OutputFormat.Flag };
    static readonly EvaluationOptions Detailed = new() { OutputFormat = OutputFormat.List };
    static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    // One of each kind, right in some places and wrong in others.
    static readonly string[] Kinds = ["null", "true", "{}", "[]", "[true]", "[{}]"];
    static readonly string[] Values =
    [
        "5", "-1", "0", "1.5", "\"\"", "\"nonsense\"", "\"90s\"", "\"0s\"", "\"off\"", "\"a/b\"", "\"..\"", "\"group:Owners\"", "[\"\"]",
        "[\"nonsense\"]", "[5]", "{\"env\":\"X\"}", "{\"env\":\"\"}", "{\"nonsense\":\"x\"}"
    ];

    readonly TestConfiguration _written = new();

    public static TheoryData<string> Samples => [.. Directory.EnumerateFiles(ShippedFiles.Sample(""), "*.json", SearchOption.AllDirectories)
        .Where(IsConfiguration)
        .Select(file => Path.GetRelativePath(ShippedFiles.Sample(""), file))];

    public static TheoryData<string> Variants => [.. Configurations.Named.Keys];

    public void Dispose() => _written.Dispose();

    [Theory]
    [MemberData(nameof(Samples))]
    public void Each_sample_fits_and_names_it(string sample)
    {
        var configuration = Parse(System.IO.File.ReadAllText(ShippedFiles.Sample(sample)));

        Complaints(configuration).Should().BeEmpty();
        Path.GetFullPath((string)configuration["$schema"]!, Path.GetDirectoryName(ShippedFiles.Sample(sample))!).Should().Be(File);
    }

    [Fact]
    public void Each_piece_of_configuration_in_the_documents_fits()
    {
        var pieces = Directory.EnumerateFiles(ShippedFiles.Source("docs"), "*.md").Append(ShippedFiles.Source("README.md"))
            .SelectMany(document => Fence().Matches(System.IO.File.ReadAllText(document)).Select(fence => fence.Groups[1].Value))
            .ToArray();

        pieces.Length.Should().BeGreaterThan(8);
        foreach (var piece in pieces.Select(piece => Parse($"{{{piece}\n}}")))
        {
            var whole = Configurations.Named["stdout"].DeepClone().AsObject();
            var place = piece.ContainsKey("workingHours") || piece.ContainsKey("lists") ? whole["detection"]!.AsObject() : whole;
            foreach (var (name, value) in piece)
            {
                place[name] = value!.DeepClone();
            }

            Complaints(whole).Should().BeEmpty(piece.ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_uses_every_member_is_right_for_both(string name)
    {
        var variant = Configurations.Named[name];

        Complaints(variant).Should().BeEmpty();
        ProgramRefuses(variant).Should().BeFalse();
    }

    [Fact]
    public void It_knows_the_members_that_the_program_knows_and_no_others()
    {
        var known = Configurations.All.SelectMany(variant => Known(_written.LoadText(variant.ToJsonString()).Root)).ToHashSet();
        var described = Described(Raw, "").ToHashSet();

        known.Should().HaveCountGreaterThan(70).And.BeEquivalentTo(described);
    }

    [Fact]
    public void What_it_gives_as_default_is_the_default()
    {
        var defaults = Defaults(Raw, "").ToArray();

        defaults.Length.Should().BeGreaterThan(20);
        foreach (var (path, value) in defaults)
        {
            var set = Configurations.All.Any(variant =>
            {
                var without = With(variant, path, null);
                var with = With(variant, path, value);
                if (with is null || without is null || ProgramRefuses(with) || ProgramRefuses(without))
                {
                    return false;
                }

                _written.LoadText(with.ToJsonString()).Should().BeEquivalentTo(
                    _written.LoadText(without.ToJsonString()),
                    options =>
                        options.Excluding(
                            each => typeof(Delegate).IsAssignableFrom(each.Type)
                                || each.Type == typeof(ConfigurationMember)
                                || each.Path.EndsWith("Secret", StringComparison.Ordinal)
                                || each.Path.EndsWith("Place", StringComparison.Ordinal)),
                    path);
                return true;
            });

            set.Should().BeTrue($"{path} can be set");
        }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void What_it_refuses_the_program_refuses(string name)
    {
        // A part of all changes, another one in each run: OPCOLLECTOR_CHANGES=1 makes all of them.
        var oneIn = Seeds.Variable("OPCOLLECTOR_CHANGES") ?? 12;
        var random = new Random(Seeds.Draw());
        var (refusals, differences) = (0, new List<string>());
        foreach (var (what, isAboutKind, change) in Changes(Configurations.Named[name]).Where(_ => random.Next(oneIn) == 0))
        {
            var changed = change();
            var (schema, program) = (Refuses(changed), ProgramRefuses(changed));
            refusals += schema ? 1 : 0;
            // And of kinds and names the other way round: the rest a schema cannot know.
            if (isAboutKind ? program != schema : schema && !program)
            {
                differences.Add($"{what}: only the {(program ? "program" : "schema")} refuses");
            }
        }

        refusals.Should().BeGreaterThan(240 / oneIn / 2);
        differences.Should().BeEmpty();
    }

    static bool IsConfiguration(string file)
    {
        try
        {
            return Parse(System.IO.File.ReadAllText(file)) is { } json && json.ContainsKey("source") && json.ContainsKey("sink");
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    static JsonObject Parse(string text) => JsonNode.Parse(text, documentOptions: WithComments)!.AsObject();

    static bool Refuses(JsonNode configuration)
    {
        using var json = JsonDocument.Parse(configuration.ToJsonString());
        return !Schema.Evaluate(json.RootElement, Short).IsValid;
    }

    static string[] Complaints(JsonNode configuration)
    {
        using var json = JsonDocument.Parse(configuration.ToJsonString());
        var results = Schema.Evaluate(json.RootElement, Detailed);
        return results.IsValid
            ? []
            : [.. (results.Details ?? [])
                .Where(detail => detail.Errors is not null)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))
                .DefaultIfEmpty("refused")];
    }

    bool ProgramRefuses(JsonNode configuration)
    {
        try
        {
            _written.LoadText(configuration.ToJsonString());
            return false;
        }
        catch (Failure)
        {
            return true;
        }
    }

    /// <summary>The configuration with something else in every place, without each member, and with one more in each object.</summary>
    static IEnumerable<(string What, bool IsAboutKind, Func<JsonNode> Change)> Changes(JsonObject variant)
    {
        foreach (var path in Places(variant, []))
        {
            var what = string.Join('.', path);
            foreach (var value in Kinds.Concat(Values))
            {
                yield return (
                    $"{what} = {value}",
                    Kinds.Contains(value),
                    () => Changed(variant, path, (parent, key) => Put(parent, key, JsonNode.Parse(value))));
            }

            yield return ($"without {what}", true, () => Changed(variant, path, Remove));
            yield return ($"{what} with more", true, () => Changed(variant, path, (parent, key) =>
            {
                if (Get(parent, key) is JsonObject inner && !what.EndsWith("headers", StringComparison.Ordinal))
                {
                    inner["no sense"] = true;
                }
            }));
        }
    }

    static IEnumerable<string[]> Places(JsonNode? node, string[] path) => node switch
    {
        JsonObject inner => inner.SelectMany(member => Places(member.Value, [.. path, member.Key]).Prepend([.. path, member.Key])),
        JsonArray list => list.SelectMany((item, at) => Places(item, [.. path, $"{at}"]).Prepend([.. path, $"{at}"])),
        _ => [],
    };

    static JsonNode Changed(JsonNode variant, string[] path, Action<JsonNode, string> change)
    {
        var root = variant.DeepClone();
        change(path[..^1].Aggregate(root, (node, key) => Get(node, key)!), path[^1]);
        return root;
    }

    static JsonNode? Get(JsonNode node, string key) =>
        node is JsonArray list ? list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)] : node[key];

    static void Put(JsonNode node, string key, JsonNode? value)
    {
        if (node is JsonArray list)
        {
            list[int.Parse(key, System.Globalization.CultureInfo.InvariantCulture)] = value;
        }
        else
        {
            node[key] = value;
        }
    }

    static void Remove(JsonNode node, string key)
    {
        if (node is JsonArray list)
        {
            list.RemoveAt(int.Parse(key, System.Globalization.CultureInfo.InvariantCulture));
        }
        else
        {
            node.AsObject().Remove(key);
        }
    }

    [Fact]
    public void A_route_knows_what_a_sink_knows_but_for_what_makes_it_one()
    {
        var route = Raw["$defs"]!["route"]!["properties"]!.AsObject().Select(member => member.Key);
        var sink = Raw["$defs"]!["sink"]!["properties"]!.AsObject().Select(member => member.Key);

        route.Should().BeEquivalentTo(sink.Except(["type", "routes", "drop"]));
    }

    // What a secret may hold, SecretSpecs and the changes above tell.
    static IEnumerable<string> Known(ConfigurationMember member)
    {
        var path = Index().Replace(member.Path, "[]");
        var isKnownElsewhere = path == "source.eventsApi.token" || path.StartsWith("sink.routes.", StringComparison.Ordinal);
        return member.Known.Contains("env") || isKnownElsewhere ? [] :
            member.Known.Select(name => $"{path}/{name}").Concat(member.Members.Values.Concat(member.Items).SelectMany(Known));
    }

    static IEnumerable<string> Described(JsonNode node, string path) => Shapes(node).SelectMany(shape =>
        (path == "detection.lists" ? [] : shape["properties"]?.AsObject() ?? [])
            .SelectMany(member =>
                Described(member.Value!, path.Length == 0 ? member.Key : $"{path}.{member.Key}").Prepend($"{path}/{member.Key}"))
            .Concat(shape["items"] is { } items ? Described(items, $"{path}[]") : []));

    static IEnumerable<(string Path, JsonNode Value)> Defaults(JsonNode node, string path) =>
        (node["default"] is { } value ? [(path, value)] : Array.Empty<(string, JsonNode)>())
            .Concat(
                Shapes(node)
                    .SelectMany(shape => shape["properties"]?.AsObject() ?? [])
                    .SelectMany(member => Defaults(member.Value!, path.Length == 0 ? member.Key : $"{path}.{member.Key}")));

    static IEnumerable<JsonNode> Shapes(JsonNode node) => (string?)node["$ref"] switch
    {
        "#/$defs/secret" or "#/$defs/token" or "#/$defs/route" => [],
        { } reference => Shapes(Raw["$defs"]![reference.Split('/')[^1]]!),
        null => [node, .. node["anyOf"]?.AsArray().SelectMany(shape => Shapes(shape!)) ?? []],
    };

    /// <summary>The configuration with this value, or without it; null where it has no such place.</summary>
    static JsonNode? With(JsonObject variant, string path, JsonNode? value)
    {
        var root = variant.DeepClone();
        var keys = path.Split('.');
        var parent = keys[..^1].Aggregate((JsonNode?)root, (node, key) => node?[key]);
        if (parent is not JsonObject inner)
        {
            return null;
        }

        inner.Remove(keys[^1]);
        if (value is not null)
        {
            inner[keys[^1]] = value.DeepClone();
        }

        return root;
    }

    [GeneratedRegex("```jsonc\n(\"(?s:.*?))\n```")]
    private static partial Regex Fence();

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Index();
}
