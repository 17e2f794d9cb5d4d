using OpCollector.Detection.Sigma.Matching;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma.Correlations;

/// <summary>What the number has to be that a correlation counts, or calculates; all of it holds.</summary>
/// <param name="Fields">The fields whose values are counted or calculated with, as the rule writes them.</param>
/// <param name="Percentile">Which percentile of the values is compared, where that is what it looks for.</param>
internal sealed record CorrelationCondition(
    IReadOnlyList<(NumberComparison Comparison, decimal Number)> Comparisons, IReadOnlyList<string> Fields, decimal Percentile)
{
    /// <summary>More than these cannot be counted, because a group keeps no more.</summary>
    public const int MostCounted = 1000;

    const decimal Median = 50;
    const decimal AllOfThem = 100;
    const string Field = "field";
    const string PercentileOf = "percentile";

    // Where somebody was, as far as it is known.
    static readonly string[] Place = ["location.latitude", "location.longitude", "country", "location.country"];

    public static readonly CorrelationCondition None = new([], [], Median);

    public bool Holds(decimal number) => Comparisons.All(each => each.Comparison.Holds(number, each.Number));

    /// <summary>The least that a count has to be so that the condition can hold.</summary>
    public decimal Least { get; } = Comparisons
        .Where(each => each.Comparison is NumberComparison.Equal or NumberComparison.Greater or NumberComparison.GreaterOrEqual)
        .Select(each => each.Number)
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>How many matches have to be kept so that it can be told.</summary>
    public int Counted => Comparisons.Count == 0 ? 0 : (int)Math.Clamp(Comparisons.Max(each => each.Number) + 1, 0, MostCounted);

    public static CorrelationCondition Read(RuleText text, YamlMappingNode map, CorrelationType type)
    {
        if (type is CorrelationType.FirstSeen or CorrelationType.Absence or CorrelationType.Travel)
        {
            return OfOurs(text, map, type);
        }

        var isTemporal = type is CorrelationType.Temporal or CorrelationType.TemporalOrdered;
        if ((isTemporal && RuleText.Find(map, "condition") is null) || text.Map(map, "condition") is not { } condition)
        {
            return None;
        }

        var hasFields = type is not CorrelationType.EventCount && !isTemporal;
        var fields = hasFields ? text.Texts(condition, Field) : [];
        if (hasFields && fields.Count == 0)
        {
            text.Complain(condition, "correlation.condition.field is missing: whose values are looked at");
        }

        foreach (var field in fields)
        {
            text.WarnOfUnknown(field, field.Value!);
        }

        var (comparisons, percentile) = ReadComparisons(text, condition, type, hasFields ? Field : null);
        if (condition.Children.Keys.All(key => $"{key}" is Field or PercentileOf))
        {
            text.Complain(condition, "correlation.condition needs a number, such as gte: 5");
        }

        return new CorrelationCondition(comparisons, [.. fields.Select(field => field.Value!)], percentile);
    }

    /// <param name="besides">A member that is not a comparison; null where such a member is not allowed.</param>
    static (List<(NumberComparison Comparison, decimal Number)> Comparisons, decimal Percentile) ReadComparisons(
        RuleText text, YamlMappingNode condition, CorrelationType type, string? besides)
    {
        var (comparisons, percentile) = (new List<(NumberComparison Comparison, decimal Number)>(), Median);
        foreach (var (key, value) in condition.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (name == PercentileOf && type == CorrelationType.ValuePercentile)
            {
                percentile = Number(value) is { } share and >= 0 and <= AllOfThem ? share : percentile;
                Complain(text, value, Number(value) is >= 0 and <= AllOfThem ? null : "percentile must be a number from 0 to 100");
            }
            else if (NumberComparisons.Named(name) is not { } comparison)
            {
                Complain(text, key, name == besides ? null : $"{name} is unknown; there are gt, gte, lt, lte, eq, neq");
            }
            else if (Number(value) is not { } number)
            {
                Complain(text, value, $"{name} must be a number");
            }
            else
            {
                Complain(text, value, WhyNot(type, number) is { } why ? $"{name} {why}" : null);
                comparisons.Add((comparison, number));
            }
        }

        return (comparisons, percentile);
    }

    /// <summary>The types that are not Sigma's compare no number: the first that is seen, or missing, is enough.</summary>
    static CorrelationCondition OfOurs(RuleText text, YamlMappingNode map, CorrelationType type)
    {
        if (RuleText.Find(map, "condition") is { } needless)
        {
            text.Complain(needless, "correlation.condition does not go with this type: there is nothing to count");
        }

        var fields = type == CorrelationType.FirstSeen ? text.Texts(map, Field) : [];
        if (type == CorrelationType.FirstSeen && fields.Count == 0)
        {
            text.Complain(map, "correlation.field is missing: the field whose new values are found");
        }

        foreach (var field in fields)
        {
            text.WarnOfUnknown(field, field.Value!);
        }

        return None with { Fields = type == CorrelationType.Travel ? Place : [.. fields.Select(field => field.Value!)] };
    }

    static string? WhyNot(CorrelationType type, decimal number) =>
        type is CorrelationType.ValueSum or CorrelationType.ValueAvg or CorrelationType.ValuePercentile
            || (number >= 0 && number <= MostCounted && number == decimal.Truncate(number))
            ? null
            : $"must be a whole number up to {MostCounted}: so many matches are kept";

    static void Complain(RuleText text, YamlNode at, string? what)
    {
        if (what is not null)
        {
            text.Complain(at, $"correlation.condition.{what}");
        }
    }

    static decimal? Number(YamlNode node) => node is YamlScalarNode { Value: { } text } ? NumberText.Parse(text) : null;
}
