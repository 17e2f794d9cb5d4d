using OpCollector.Detection.Findings;


namespace OpCollector.Tests;

/// <summary>The id of a finding: the same for the same finding, and for no other.</summary>
public sealed class FindingIdSpecs
{
    const string Rule = "199174d3-f8bd-5252-b2a4-0ca2e3478682";

    [Fact]
    public void It_is_always_the_same()
    {
        // Receivers have such ids in store: an id that a new version made otherwise would be a finding told twice.
        FindingId.Compute(Rule, "audit", ["1", "2"], "A").Should().Be("f-u42xdiy5uz7nl3pusguhvcvhc3");
        FindingId.Compute(Rule, "audit", ["2", "1"], "A").Should().Be(
            FindingId.Compute(Rule, "audit", ["1", "2"], "A"), "the order of arrival is no part of it");
    }

    [Fact]
    public void It_has_the_form_that_is_documented() => FindingId.Compute(Rule, "signin", [], "").Should().MatchRegex("^f-[a-z2-7]{26}$");

    [Fact]
    public void Whatever_is_another_finding_has_another_id()
    {
        string[] ids =
        [
            FindingId.Compute(Rule, "audit", ["1", "2"], "A"),
            FindingId.Compute(Rule, "audit", ["1", "2"], "B"),
            FindingId.Compute(Rule, "audit", ["1", "2"], ""),
            FindingId.Compute(Rule, "audit", ["1"], "A"),
            FindingId.Compute(Rule, "audit", ["12"], "A"),
            FindingId.Compute(Rule, "itemusage", ["1", "2"], "A"),
            FindingId.Compute(Rule.ToUpperInvariant(), "audit", ["1", "2"], "A"),
        ];

        ids.Should().OnlyHaveUniqueItems();
    }
}
