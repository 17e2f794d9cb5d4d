using System.Text.RegularExpressions;
using OpCollector.Detection;
using OpCollector.Detection.Sigma;

namespace OpCollector.Tests;

/// <summary>The rules that are shipped: each meets the expectations beside it, says what it is, and is described for people.</summary>
public sealed partial class BuiltInRuleSpecs
{
    static readonly string Directory = ShippedFiles.Source("src/OpCollector/Detection/Rules");

    static readonly InstalledRules Rules = InstalledRules.Load(DetectionSettings.Default, SilenceSettings.Default, Watchlists.None);

    public static TheoryData<string> Files => [.. RuleFiles.Read(Directory).Select(file => Path.GetFileName(file.Name))];

    [Fact]
    public void Every_expectation_is_met()
    {
        var (files, unmet, _) = Expectations.Run(RuleFiles.Read(Directory), []);

        unmet.Should().BeEmpty();
        files.Should().HaveCountGreaterThan(30).And.OnlyContain(file => file.Cases >= 2);
    }

    [Fact]
    public void Expectations_beside_a_file_of_another_product_find_no_rule()
    {
        using var written = new TestConfiguration();
        var rules = written.Put(
            "other.yml",
            Sigma.Rule("a:\n  action: join\ncondition: a").Replace("product: 1password", "product: okta", StringComparison.Ordinal));
        written.Put("other.expect.yml", "- case: nothing\n  events:\n    - '{\"x\":1}'\n  findings: {}\n");

        Expectations.Run(RuleFiles.Read(rules), []).Unmet.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_rule_says_what_it_is_and_what_it_may_be_wrong_about(string file)
    {
        foreach (var rule in File.ReadAllText(Path.Combine(Directory, file))
            .Split("---\n")
            .Where(rule => !rule.Contains("\nfilter:", StringComparison.Ordinal)))
        {
            rule.Should().ContainAll("title: ", "id: ", "name: ", "status: ", "description: ", "level: ", "falsepositives:\n  - ");
            (rule.Contains("attack.t1", StringComparison.Ordinal) || rule.Contains("level: informational", StringComparison.Ordinal))
                .Should().BeTrue("it needs the technique that it finds");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_rule_that_negates_a_field_asks_for_it_too(string file)
    {
        foreach (var rule in File.ReadAllText(Path.Combine(Directory, file))
            .Split("---\n")
            .Where(rule => !rule.Contains("name: mfa-disabled\n", StringComparison.Ordinal)))
        {
            foreach (var selection in Negated().Matches(rule).Select(match => match.Groups[1].Value))
            {
                var field = Regex.Match(rule, $@"\n  {selection}:\n(?:    #[^\n]*\n)*    ([\w.]+)").Groups[1].Value;

                rule.Should().MatchRegex($@"{Regex.Escape(field)}\|(exists: true|contains: )", $"{selection} is negated");
            }
        }
    }

    [Theory]
    [InlineData("mfa-disabled-account", "high")]
    [InlineData("mfa-disabled", "medium")]
    [InlineData("nonadmin-privileged-activity", "high")]
    [InlineData("exclusive-access", "medium")]
    [InlineData("admin-off-hours", "medium")]
    [InlineData("vault-access-changed", "low")]
    [InlineData("item-edited", "low")]
    [InlineData("item-shared", "low")]
    [InlineData("manual-invite", "low")]
    [InlineData("service-account-token-changed", "low")]
    [InlineData("mfa-changed", "low")]
    public void Ordinary_work_is_low_and_the_four_are_on_by_default(string name, string level) =>
        Rules.Statuses.Single(status => status.Rule.Name == name).Rule.Level.ToString().Should().BeEquivalentTo(level);

    [Fact]
    public void Without_lists_the_rules_that_need_them_say_so()
    {
        string? WhyNot(string name) => Rules.Statuses.Single(status => status.Rule.Name == name).WhyNot;

        WhyNot("nonadmin-privileged-activity").Should().Be("detection.lists.admins is missing or empty");
        WhyNot("exclusive-access").Should().Be("detection.lists.privileged_groups is missing or empty");
        WhyNot("admin-off-hours").Should().Be("detection.workingHours lists nobody");
        WhyNot("item-shared").Should().Be("below detection.level (medium)");
        WhyNot("signin-failed").Should().Be("a part of signin-bruteforce-ip");
        WhyNot("mfa-disabled").Should().BeNull();
    }

    [Fact]
    public void The_built_in_rules_are_those_of_the_directory() =>
        RuleFiles.BuiltIn().Select(file => file.Text).Should().Equal(RuleFiles.Read(Directory).Select(file => file.Text));

    [Fact]
    public void Each_rule_has_an_id_and_a_name_of_its_own()
    {
        Rules.Statuses.Select(status => status.Rule.Id).Should().OnlyHaveUniqueItems()
            .And.OnlyContain(id => id.Length == 36 && new Guid(id) != Guid.Empty);
        Rules.Statuses.Select(status => status.Rule.Name).Should().OnlyHaveUniqueItems()
            .And.OnlyContain(name => name.All(c => char.IsAsciiLetterLower(c) || c == '-'));
    }

    [Fact]
    public void The_document_has_a_section_for_each()
    {
        var document = File.ReadAllText(ShippedFiles.Source("docs/detections.md"));

        foreach (var rule in Rules.Statuses.Select(status => status.Rule).Where(rule => rule.Level > RuleLevel.Informational))
        {
            var section = document.Split($"#### {rule.Name}\n").Should().HaveCount(2, $"{rule.Name} has a section").And.Subject.Last()
                .Split("\n#")[0];
            section.Should().Contain($"**{rule.Level.ToString().ToLowerInvariant()}**").And.Contain(rule.Description);
            rule.Reference.Should().Be($"docs/detections.md#{rule.Name}");
            rule.FalsePositives.Should().OnlyContain(each => section.Contains(each, StringComparison.OrdinalIgnoreCase));
        }
    }

    [GeneratedRegex(@"(?<=\n  condition: .*)\bnot (\w+)")]
    private static partial Regex Negated();
}
