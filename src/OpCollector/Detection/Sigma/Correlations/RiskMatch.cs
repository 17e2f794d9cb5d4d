using System.Globalization;
using OpCollector.Detection.Sigma.Matching;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>What a finding adds to the risk of a person: its points, the name of its rule, and its id.</summary>
internal sealed record RiskMatch(decimal Points, string Rule, string FindingId)
{
    /// <summary>The three as the value of a <see cref="RuleMatch"/>.</summary>
    public string Value => string.Create(CultureInfo.InvariantCulture, $"{Points} {Rule} {FindingId}");

    /// <summary>Reads the value of a <see cref="RuleMatch"/>. The name of a rule may contain blanks, points and id do not.</summary>
    public static RiskMatch Parse(string? value)
    {
        var (first, last) = value is null ? (0, 0) : (value.IndexOf(' ', StringComparison.Ordinal), value.LastIndexOf(' '));
        return first < last
            ? new RiskMatch(NumberText.Parse(value![..first]) ?? 0, value[(first + 1)..last], value[(last + 1)..])
            : new RiskMatch(0, "", "");
    }
}
