using System.Globalization;
using OpCollector.Configuration;
using OpCollector.Events;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma;

/// <summary>
/// Reads correlations once all rules are known that they may name, and brings them into an order in which each finds the ones it rests on
/// done.
/// </summary>
internal sealed class CorrelationReader(FieldTable fields, IReadOnlyList<RuleInfo> known)
{
    /// <summary>A group keeps so many matches, so more than these cannot be counted.</summary>
    public const int MostCounted = 100;

    static readonly string[] Members = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate"];

    static readonly Dictionary<string, CorrelationType> Types = new()
    {
        ["event_count"] = CorrelationType.EventCount,
        ["value_count"] = CorrelationType.ValueCount,
        ["temporal"] = CorrelationType.Temporal,
        ["temporal_ordered"] = CorrelationType.TemporalOrdered,
    };

    /// <param name="complain">Whether a rule that cannot be found is a mistake here, and not one that was told before.</param>
    public IReadOnlyList<Correlation> Read(IReadOnlyList<(RuleInfo Info, RuleText Text)> all, bool complain)
    {
        var read = new List<(Correlation Correlation, RuleText Text)>();
        foreach (var (info, text) in all)
        {
            if (text.Map(text.Root, "correlation") is { } map && Read(info, text, map, complain) is { } correlation)
            {
                read.Add((correlation, text));
            }
        }

        var ordered = new List<Correlation>();
        while (read.Count > 0)
        {
            var waiting = read.Select(each => each.Correlation.Info.Id).ToHashSet();
            var ready = read.Where(each => !each.Correlation.Members.Any(member => waiting.Contains(member.Rule.Id))).ToArray();
            if (ready.Length == 0)
            {
                read[0].Text.Complain(read[0].Text.Root, $"the correlation {read[0].Correlation.Info.Name} rests on itself");
                break;
            }

            ordered.AddRange(ready.Select(each => each.Correlation));
            read.RemoveAll(ready.Contains);
        }

        return ordered;
    }

    // Long: each member of a rule is read, and complained of, at its place.
    Correlation? Read(RuleInfo info, RuleText text, YamlMappingNode map, bool complain)
    {
        foreach (var unknown in map.Children.Keys.Where(key => key is not YamlScalarNode { Value: { } name } || !Members.Contains(name)))
        {
            text.Complain(unknown, $"correlation.{unknown} is unknown; there are {string.Join(", ", Members)}");
        }

        var type = text.Text(map, "type") ?? "";
        if (!Types.TryGetValue(type, out var kind))
        {
            text.Complain(
                RuleText.Find(map, "type") ?? map,
                $"correlation.type \"{type}\" is {(type.StartsWith("value_", StringComparison.Ordinal) ? "not supported" : "unknown")}; " +
                    $"it is one of {string.Join(", ", Types.Keys)}");
        }

        var rules = new List<(string Written, RuleInfo Rule)>();
        var names = text.Texts(map, "rules");
        foreach (var name in names)
        {
            if (known.FirstOrDefault(rule => rule.IsCalled(name.Value!)) is { } rule)
            {
                rules.Add((name.Value!, rule));
            }
            else if (complain)
            {
                text.Complain(name, $"there is no rule {name.Value}");
            }
        }

        var isTemporal = kind is CorrelationType.Temporal or CorrelationType.TemporalOrdered;
        if (names.Count < (isTemporal ? 2 : 1))
        {
            text.Complain(RuleText.Find(map, "rules") ?? map, $"correlation.rules needs {(isTemporal ? "two rules" : "a rule")} at least");
        }

        var span = Span(text, map);
        var (conditions, field) = Conditions(text, map, kind);
        var aliases = Aliases(text, map, rules);
        var members = rules.Select(each => new CorrelationMember(
            each.Rule,
            [.. text.Texts(map, "group-by")
                .Select(group => fields.Slot(aliases.GetValueOrDefault((group.Value!, each.Rule.Id), group.Value!)))],
            field is null ? -1 : fields.Slot(aliases.GetValueOrDefault((field, each.Rule.Id), field)),
            field is not null && Countries.AreIn(aliases.GetValueOrDefault((field, each.Rule.Id), field))));
        var generate = RuleText.Find(map, "generate") as YamlScalarNode;
        if (RuleText.Find(map, "generate") is { } wrong && generate?.Boolean() is null)
        {
            text.Complain(wrong, "correlation.generate is true or false");
        }

        return span is null ? null : new Correlation(info, kind, [.. members], span.Value, conditions, generate?.Boolean() ?? false);
    }

    static TimeSpan? Span(RuleText text, YamlMappingNode map)
    {
        var written = text.Text(map, "timespan") ?? "";
        var span = Duration.TryParse(written);
        if (span is null)
        {
            text.Complain(RuleText.Find(map, "timespan") ?? map, $"correlation.timespan \"{written}\" is not {Duration.Form}");
        }

        return span;
    }

    // Long: each member of a rule is read, and complained of, at its place.
    static (IReadOnlyList<(Comparison Comparison, int Count)> Conditions, string? Field) Conditions(
        RuleText text, YamlMappingNode map, CorrelationType type)
    {
        var node = RuleText.Find(map, "condition");
        if (type is CorrelationType.Temporal or CorrelationType.TemporalOrdered)
        {
            if (node is not null)
            {
                text.Complain(node, "correlation.condition does not go with temporal types: every rule has to match");
            }

            return ([], null);
        }

        if (text.Map(map, "condition") is not { } condition)
        {
            return ([], null);
        }

        var field = type == CorrelationType.ValueCount ? text.Text(condition, "field") : null;
        if (type == CorrelationType.ValueCount && field is null)
        {
            text.Complain(condition, "correlation.condition.field is missing: whose values are counted");
        }

        var conditions = new List<(Comparison Comparison, int Count)>();
        foreach (var (key, value) in condition.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? "";
            if (name == "field" && type == CorrelationType.ValueCount)
            {
                continue;
            }

            if (Comparisons.Named(name) is not { } comparison)
            {
                text.Complain(key, $"correlation.condition.{name} is unknown; there are gt, gte, lt, lte, eq, neq");
            }
            else if (!int.TryParse((value as YamlScalarNode)?.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                || count > MostCounted)
            {
                text.Complain(value, $"correlation.condition.{name} must be a whole number up to {MostCounted}: so many matches are kept");
            }
            else
            {
                conditions.Add((comparison, count));
            }
        }

        if (!condition.Children.Keys.Any(key => (key as YamlScalarNode)?.Value != "field"))
        {
            text.Complain(condition, "correlation.condition needs a number, such as gte: 5");
        }

        return (conditions, field);
    }

    static Dictionary<(string Alias, string RuleId), string> Aliases(
        RuleText text, YamlMappingNode map, List<(string Written, RuleInfo Rule)> rules)
    {
        var aliases = new Dictionary<(string Alias, string RuleId), string>();
        if (RuleText.Find(map, "aliases") is null || text.Map(map, "aliases") is not { } all)
        {
            return aliases;
        }

        foreach (var (alias, node) in all.Children)
        {
            if (node is not YamlMappingNode fields)
            {
                text.Complain(node, $"aliases.{alias} must be a map of rules to fields");
                continue;
            }

            foreach (var (rule, field) in fields.Children)
            {
                if (rules.FirstOrDefault(each => each.Rule.IsCalled($"{rule}")).Rule is { } member
                    && field is YamlScalarNode { Value: { Length: > 0 } name })
                {
                    aliases[($"{alias}", member.Id)] = name;
                }
                else
                {
                    text.Complain(rule, $"aliases.{alias}.{rule}: must be one of correlation.rules, and name a field of it");
                }
            }
        }

        return aliases;
    }
}
