using OpCollector.Detection;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>A country is one, whether a list, a rule or an event says its code or one of its names.</summary>
public sealed class CountrySpecs
{
    [Theory]
    [InlineData("RU", "RU")]
    [InlineData("rus", "RU")]
    [InlineData("Russia", "RU")]
    [InlineData("RUSSIAN FEDERATION", "RU")]
    [InlineData("south korea", "KR")]
    [InlineData("Korea, Republic of", "KR")]
    [InlineData("Korea (Democratic People's Republic of)", "KP")]
    [InlineData("United States", "US")]
    [InlineData("The United States of America", "US")]
    [InlineData("U.S.A.", "US")]
    [InlineData("UK", "GB")]
    [InlineData("Iran, Islamic Republic of", "IR")]
    [InlineData("Côte d’Ivoire", "CI")]
    [InlineData("Cote d'Ivoire", "CI")]
    [InlineData("Türkiye", "TR")]
    [InlineData("Bosnia & Herzegovina", "BA")]
    [InlineData("St. Lucia", "LC")]
    [InlineData("Bahamas, The", "BS")]
    [InlineData("  viet nam ", "VN")]
    [InlineData("Yemen, Rep.", "YE")]
    [InlineData("Egypt, Arab Rep.", "EG")]
    [InlineData("Korea, South", "KR")]
    [InlineData("Korea, North", "KP")]
    [InlineData("Korea, Dem. People's Rep.", "KP")]
    [InlineData("Congo, Dem. Rep.", "CD")]
    [InlineData("Congo, Rep.", "CG")]
    [InlineData("Somalia, Fed. Rep.", "SO")]
    [InlineData("Micronesia, Fed. Sts.", "FM")]
    [InlineData("Venezuela, RB", "VE")]
    [InlineData("Hong Kong SAR, China", "HK")]
    [InlineData("Puerto Rico (US)", "PR")]
    [InlineData("China (Mainland)", "CN")]
    [InlineData("China, Republic of", "TW")]
    [InlineData("China (Taiwan)", "TW")]
    [InlineData("China, Hong Kong SAR", "HK")]
    [InlineData("Turkey (Turkiye)", "TR")]
    [InlineData("Holy See (Vatican City)", "VA")]
    [InlineData("Falkland Islands (Islas Malvinas)", "FK")]
    [InlineData("Gambia, The", "GM")]
    [InlineData("Spain (Germany)", null)]
    [InlineData("Ireland, Northern", null)]
    [InlineData("()", null)]
    [InlineData(", Rep.", null)]
    [InlineData("EU", null)]
    [InlineData("Atlantis", null)]
    [InlineData("XX", null)]
    [InlineData("", null)]
    [InlineData("the", null)]
    public void A_country_is_known_by_its_codes_and_its_names(string text, string? code) => Countries.CodeOf(text).Should().Be(code);

    [Fact]
    public void A_text_of_any_length_is_none() => Countries.CodeOf(new string('R', 100_000)).Should().BeNull();

    [Theory]
    [InlineData("RU", "Russia")]
    [InlineData("Russia", "RU")]
    [InlineData("russian federation", "ru")]
    [InlineData("Iran,North Korea,KP,CN,Syria,Cuba", "Syrian Arab Republic")]
    [InlineData("Atlantis", "ATLANTIS")]
    public void A_list_means_the_country_however_either_is_spelled(string list, string said)
    {
        foreach (var (field, place) in new[]
        {
            ("country", $$"""{"country":"{{said}}"}"""),
            ("location.country", $$$"""{"location":{"country":"{{{said}}}"}}""")
        })
        {
            Sigma.Detection($"s:\n  {field}|expand: '%risky%'\ncondition: s", $"risky={list}").Matches(place).Should().BeTrue();
            Sigma.Detection($"s:\n  {field}|expand: '%risky%'\ncondition: s", $"risky={list}").Matches(place.Replace(
                said, "Sweden", StringComparison.Ordinal))
                .Should().BeFalse();
        }
    }

    [Fact]
    public void A_rule_of_one_s_own_may_say_either_too()
    {
        Sigma.Detection("s:\n  country: [Belarus, NO]\ncondition: s").Matches("""{"country":"BY"}""").Should().BeTrue();
        Sigma.Detection("s:\n  country|neq: Norway\ncondition: s").Matches("""{"country":"NO"}""").Should().BeFalse();
        Sigma.Detection("s:\n  country|cased: ru\ncondition: s").Matches("""{"country":"RU"}""").Should().BeFalse();
        Sigma.Detection("s:\n  app|startswith: Russia\ncondition: s").Matches("""{"app":"RU"}""").Should().BeFalse();
    }

    [Fact]
    public void The_built_in_rules_see_both()
    {
        var engine = InstalledRules.WithoutSettings(SigmaRulesReader.Read(RuleFiles.BuiltIn(), Watchlists.None)).CreateEngine();
        bool Sees(string stream, string json) =>
            engine.Evaluate(System.Text.Encoding.UTF8.GetBytes(json), stream, "1", null)
                .Any(finding => finding.Rule.Name.EndsWith("risky-country", StringComparison.Ordinal));

        Sees(Streams.Audit, """{"uuid":"1","location":{"country":"Russia"}}""").Should().BeTrue();
        Sees(Streams.Audit, """{"uuid":"1","location":{"country":"ru"}}""").Should().BeTrue();
        Sees(Streams.SignIn, """{"uuid":"1","category":"success","country":"North Korea"}""").Should().BeTrue();
        Sees(Streams.SignIn, """{"uuid":"1","category":"success","country":"South Korea"}""").Should().BeFalse();
    }

    [Fact]
    public void Values_that_are_counted_are_countries_and_not_spellings()
    {
        var sigma = Sigma.Of(
            Sigma.Rule("s:\n  country|exists: true\ncondition: s", stream: "signin") + "---\n"
                + Sigma.Correlation(
                    "type: value_count\nrules: [rule]\ngroup-by: [who]\ntimespan: 1h\ncondition:\n  field: country\n  gte: 2"));
        bool Counts(int id, string country) =>
            sigma.See($$"""{"uuid":"{{id}}","timestamp":"2026-11-01T10:00:0{{id}}Z","who":"A","country":"{{country}}"}""", Streams.SignIn)
                .Any(finding => finding.Rule.Name == "correlation");

        Counts(1, "RU").Should().BeFalse();
        Counts(2, "Russia").Should().BeFalse();
        Counts(3, "Sweden").Should().BeTrue();
    }
}
