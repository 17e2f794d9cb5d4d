using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using Json.Schema;
using OpCollector.Delivery.Forms;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources;
using YamlDotNet.RepresentationModel;
using Dialect = OpCollector.Events.Dialect;
using Vocabulary = OpCollector.Names.Words.Vocabulary;

namespace OpCollector.Tests;

/// <summary>What is delivered is what the schemas in <c>samples/schemas</c> describe, and Panther's in <c>samples/panther</c>.</summary>
public sealed class LogSchemaSpecs
{
    static readonly DateTimeOffset Noon = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly NameBook NoNames = new(NameList.Empty, NameList.Empty, NameList.Empty, []);

    static readonly Dictionary<string, JsonSchema> Schemas = new[] { "op", "audit", "signin", "itemusage", "finding" }
        .ToDictionary(name => name, name => JsonSchema.FromText(File.ReadAllText(ShippedFiles.Sample($"schemas/{name}.schema.json"))));

    static IEnumerable<ActivityEvent> OfOp
    {
        get
        {
            var names = new NameBook(Named("users"), Named("groups"), Named("vaults"), []);
            var enricher = new Enricher(Dialect.Op, names, Vocabulary.Standard);
            return File.ReadLines(ShippedFiles.Sample("account/events.ndjson"))
                .Select(line => ActivityEvent.Read(Encoding.UTF8.GetBytes(line), EventIdentity.Op).Event!)
                .Select(each => enricher.Enrich(each, Streams.Audit, unknown: null));
        }
    }

    static IEnumerable<ActivityEvent> Findings
    {
        get
        {
            var engine = InstalledRules.Load(DetectionSettings.Default, SilenceSettings.Default, Watchlists.None).CreateEngine();
            return OfOp.SelectMany(each => engine.Evaluate(each.Bytes, Streams.Audit, each.Id, each.Time)).Select(each => each.AsEvent());
        }
    }

    [Fact]
    public void Events_of_op_fit_in_each_shape()
    {
        foreach (var each in OfOp)
        {
            Fits("op", each.Bytes);
            Fits("audit", Shaped(each));
        }
    }

    [Fact]
    public void Findings_fit_in_each_shape()
    {
        var findings = Findings.ToArray();

        findings.Should().HaveCount(44);
        foreach (var each in findings)
        {
            Fits("finding", each.Bytes);
            Fits("finding", Shaped(each));
        }
    }

    [Fact]
    public void Events_of_the_Events_API_fit_with_names_and_without()
    {
        var enricher = new Enricher(Dialect.EventsApi, NoNames, Vocabulary.Standard);
        foreach (var stream in EventStream.All)
        {
            for (var number = 0; number < 30; number++)
            {
                var text = Samples.Of(stream.Feature, Samples.Uuid($"{stream.Name} {number}"), Noon, number);
                var each = ActivityEvent.Read(Encoding.UTF8.GetBytes(text), EventIdentity.EventsApi).Event!;
                Fits(stream.Name, each.Bytes);
                Fits(stream.Name, enricher.Enrich(each, stream.Name, unknown: null).Bytes);
            }
        }
    }

    [Theory]
    [InlineData("op", """{"eid":"7","time":"t","actorUuid":"A","action":"a"}""")]
    [InlineData("op", """{"eid":7,"time":"t","action":"a"}""")]
    [InlineData("audit", """{"timestamp":"t"}""")]
    [InlineData("signin", """{"uuid":"U","timestamp":"t","client":"1Password"}""")]
    [InlineData("itemusage", """{"uuid":"U","timestamp":"t","stream":"audit"}""")]
    [InlineData("finding", """{"kind":"test","id":"f-1","rule":{"id":"r","title":"t","level":"high","tags":[]},"stream":"audit","summary":"s","eventIds":[]}""")]
    public void What_is_no_such_event_does_not_fit(string name, string json) =>
        Schemas[name].Evaluate(JsonDocument.Parse(json).RootElement).IsValid.Should().BeFalse();

    [Theory]
    [InlineData("onepassword-op")]
    [InlineData("onepassword-finding")]
    public void Panther_knows_every_member(string name)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(ShippedFiles.Sample($"panther/{name}.yml"))));
        var fields = (YamlSequenceNode)((YamlMappingNode)yaml.Documents.Single().RootNode).Children["fields"];
        var delivered = (name == "onepassword-op" ? OfOp : Findings).Select(each => JsonNode.Parse(each.Bytes.Span)!.AsObject()).ToArray();

        foreach (var each in delivered)
        {
            Unknown(each, fields).Should().BeEmpty(each.ToJsonString());
        }
    }

    static IEnumerable<string> Unknown(JsonObject sent, YamlSequenceNode fields)
    {
        var known = fields.Children.Cast<YamlMappingNode>().ToDictionary(field => $"{field.Children["name"]}");
        foreach (var (name, value) in sent)
        {
            var isRight = known.TryGetValue(name, out var field) && $"{field.Children["type"]}" switch
            {
                "string" or "timestamp" => value?.GetValueKind() == JsonValueKind.String,
                "int" or "bigint" => value?.GetValueKind() == JsonValueKind.Number,
                "array" => value is JsonArray,
                "object" => value is JsonObject inner && !Unknown(inner, (YamlSequenceNode)field.Children["fields"]).Any(),
                _ => true,
            };
            if (!isRight)
            {
                yield return name;
            }
        }

        foreach (var missing in known.Where(each => each.Value.Children.ContainsKey("required") && !sent.ContainsKey(each.Key)))
        {
            yield return $"no {missing.Key}";
        }
    }

    static void Fits(string name, ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        Schemas[name].Evaluate(document.RootElement).IsValid.Should().BeTrue($"{name}: {Encoding.UTF8.GetString(json.Span)}");
    }

    static ReadOnlyMemory<byte> Shaped(ActivityEvent each) =>
        new SentForm(ShapeByName.Find("events-api"), AddedMembers.None, null).Apply([each], Streams.Audit).Items.Single().Sent;

    static NameList Named(string list) =>
        NameList.Empty with
        {
            Names = [.. NameListJson.Read(File.ReadAllBytes(ShippedFiles.Sample($"account/{list}.json"))).Select(NamedEntity.From)],
        };
}
