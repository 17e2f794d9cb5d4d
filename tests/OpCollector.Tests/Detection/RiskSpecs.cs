using OpCollector.Detection;
using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma.Reading;

namespace OpCollector.Tests;

/// <summary>Findings about one person that weigh together, each rule once: <c>risk-by-user</c>.</summary>
public sealed class RiskSpecs
{
    [Theory]
    [InlineData("Sign-in from somewhere", "Sign-in after midnight")]
    [InlineData("exports", "exports too")]
    [InlineData("  of 5 f-x", "  of 7 f-x")]
    public void Rules_whose_names_share_words_count_as_two(string one, string other)
    {
        var engine = EngineOf(one, other);

        var findings = Findings(engine, 1, 2);

        var risk = findings.Should().ContainSingle(finding => finding.Rule == NativeRules.RiskByUser).Which;
        risk.Summary.Should().Be($"Several findings about one person: {one}, {other}, by AAAAAAAAAAAAAAAAAAAAAAAAAA");
        risk.Evidence.Findings.Should().Equal(findings.Where(finding => finding != risk).Select(finding => finding.Id));
    }

    [Fact]
    public void One_rule_counts_once_however_often_it_finds_something()
    {
        var engine = EngineOf("Sign-in from somewhere", "Sign-in after midnight");

        Findings(engine, 1, 1, 1).Should().NotContain(finding => finding.Rule == NativeRules.RiskByUser);
    }

    // The rules have neither a name nor an id, so each is called by its title.
    static RuleEngine EngineOf(params string[] titles)
    {
        var files = titles.Select((title, at) => new Detection.Sigma.RuleFile($"{at}.yml", $$"""
            title: "{{title}}"
            level: high
            logsource:
              product: 1password
              service: audit
            detection:
              s:
                object_uuid: "{{at + 1}}"
              condition: s
            """));
        var rules = InstalledRules.WithoutSettings(SigmaRulesReader.Read(files, Watchlists.None));
        return (rules with { Statuses = [.. rules.Statuses, new RuleStatus(NativeRules.RiskByUser, null, [])] }).CreateEngine();
    }

    // Each event is about one of the rules.
    static Finding[] Findings(RuleEngine engine, params int[] abouts) =>
    [
        .. abouts.SelectMany((about, at) => engine.Evaluate(
            System.Text.Encoding.UTF8.GetBytes(
                $$"""{"eid":{{at}},"actorUuid":"AAAAAAAAAAAAAAAAAAAAAAAAAA","action":"view","objectType":"user","objectUuid":"{{about}}"}"""),
            Events.Streams.Audit,
            $"{at}",
            new DateTimeOffset(2026, 11, 1, 10, at, 0, TimeSpan.Zero))),
    ];
}
