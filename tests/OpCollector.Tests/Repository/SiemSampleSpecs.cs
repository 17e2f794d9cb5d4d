using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpCollector.Tests;

/// <summary>The page about SIEMs has each sample, each section has the same form, and the rule for Sentinel knows every member.</summary>
public sealed partial class SiemSampleSpecs
{
    static readonly string[] Tables = ["events", "findings"];

    static string Page => File.ReadAllText(ShippedFiles.Source("docs/siems.md"));

    [Fact]
    public void The_rule_for_Sentinel_declares_every_column_that_an_event_has_and_the_table_has_every_column_that_comes_of_it()
    {
        var rule = JsonNode.Parse(File.ReadAllText(ShippedFiles.Sample("sentinel/dcr.json")))!["properties"]!;
        foreach (var (table, flow) in Tables.Zip(rule["dataFlows"]!.AsArray()))
        {
            var kql = (string)flow!["transformKql"]!;
            var declared = Names(rule["streamDeclarations"]![(string)flow["outputStream"]!]!["columns"]!);
            var leftOut = LeftOut().Match(kql).Groups[1].Value.Split(", ");
            var made = declared.Where(column => !leftOut.Contains(column) && !leftOut.Contains($"['{column}']"))
                .Concat(Made().Matches(kql).Select(each => each.Groups[1].Value));
            var schema = JsonNode.Parse(File.ReadAllText(ShippedFiles.Sample($"sentinel/table-{table}.json")))!["properties"]!["schema"]!;

            ((string)flow["outputStream"]!).Should().Be($"Custom-{schema["name"]}");
            Names(schema["columns"]!).Except(["SourceSystem"]).Should().BeEquivalentTo(made);
        }

        var members = EventsApiItems.Events.SelectMany(each => JsonNode.Parse($"{each}")!.AsObject().Select(member => member.Key));
        var columns = rule["streamDeclarations"]!["Custom-OnePasswordEventLogs_CL"]!["columns"]!;
        members.Except(["not_known_yet"]).Should().BeSubsetOf(Names(columns));
        // What names add to an event, and by what a test event is found.
        Names(columns).Should().Contain(["vault_name", "object_name", "aux_name", "summary", "id"]);
    }

    [Fact]
    public void Each_section_of_the_page_has_the_same_form_and_each_sample_a_section()
    {
        var sections = Section().Matches(Page);

        sections.Count.Should().BeGreaterThan(20);
        foreach (Match section in sections)
        {
            Item().Matches(section.Groups[2].Value).Select(item => item.Groups[1].Value).Should().Equal(
                ["Create there", "Configure", "See it arrive", "Limits and traps", "Repetitions", "Tried"], section.Groups[1].Value);
        }

        SinkSample.All.Where(name => !Page.Contains($"(../samples/sinks/{name}.json)", StringComparison.Ordinal)).Should().BeEmpty();
        Link().Matches(Page).Select(link => Path.Combine("docs", link.Groups[1].Value.Split('#')[0]))
            .Where(link => !File.Exists(ShippedFiles.Source(link)))
            .Should().BeEmpty();
    }

    static IEnumerable<string> Names(JsonNode columns) => columns.AsArray().Select(column => (string)column!["name"]!);

    [GeneratedRegex(@"([A-Za-z_]+) = ")]
    private static partial Regex Made();

    [GeneratedRegex(@"project-away (.*)")]
    private static partial Regex LeftOut();

    [GeneratedRegex(@"^## (.+)\n\n((?:.+\n)+)", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^- \*\*([^*:]+):\*\* ", RegexOptions.Multiline)]
    private static partial Regex Item();

    [GeneratedRegex(@"\]\(([^)#][^)]*)\)")]
    private static partial Regex Link();
}
