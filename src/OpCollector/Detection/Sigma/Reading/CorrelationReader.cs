using OpCollector.Configuration;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Events;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>
/// Reads correlations once all rules are known that they may name, and brings them into an order in which each finds the ones it rests on
/// done.
/// </summary>
internal sealed class CorrelationReader(FieldTable fields, RuleNames known)
{
    static readonly string[] Members = ["type", "rules", "group-by", "timespan", "condition", "aliases", "generate", "field", "learning"];

    static readonly TimeSpan Usual = TimeSpan.FromDays(14);

    static readonly Dictionary<string, CorrelationType> Types = new()
    {
        ["event_count"] = CorrelationType.EventCount,
        ["value_count"] = CorrelationType.ValueCount,
        ["value_sum"] = CorrelationType.ValueSum,
        ["value_avg"] = CorrelationType.ValueAvg,
        ["value_percentile"] = CorrelationType.ValuePercentile,
        ["first_seen"] = CorrelationType.FirstSeen,
        ["absence"] = CorrelationType.Absence,
        ["travel"] = CorrelationType.Travel,
        ["temporal"] = CorrelationType.Temporal,
        ["temporal_ordered"] = CorrelationType.TemporalOrdered,
    };

    /// <summary>Whether the rules that it rests on report by themselves too, as it says in either of the places for that.</summary>
    public static bool Generates(RuleText text) =>
        new[] { text.Root, text.Find("correlation") as YamlMappingNode }.OfType<YamlMappingNode>()
            .Any(map => RuleText.Find(map, "generate") is YamlScalarNode generate && generate.Boolean() == true);

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
                $"correlation.type \"{type}\" is unknown; it is one of {string.Join(", ", Types.Keys)}");
        }

        var rules = new List<(string Written, RuleInfo Rule)>();
        var names = text.Texts(map, "rules");
        foreach (var name in names)
        {
            if (known.Find(name.Value!, text.File) is { } rule)
            {
                rules.Add((name.Value!, rule));
                if (!rule.HasEvents)
                {
                    text.Complain(name, $"the rule {rule.Name} looks at no event, so its findings cannot be counted");
                }
            }
            else if (complain)
            {
                text.Complain(name, $"there is no rule {name.Value}");
            }
        }

        var isTemporal = kind is CorrelationType.Temporal or CorrelationType.TemporalOrdered or CorrelationType.Absence;
        if (names.Count < (isTemporal ? 2 : 1))
        {
            text.Complain(RuleText.Find(map, "rules") ?? map, $"correlation.rules needs {(isTemporal ? "two rules" : "a rule")} at least");
        }

        var span = Span(text, map, "timespan");
        var isLearning = kind == CorrelationType.FirstSeen && RuleText.Find(map, "learning") is not null;
        var learning = isLearning ? Span(text, map, "learning") : Usual;
        var condition = CorrelationCondition.Read(text, map, kind);
        var aliases = Aliases(text, map, rules);
        var groupBy = text.Texts(map, "group-by");
        string FieldOf(string name, RuleInfo rule) => aliases.GetValueOrDefault((name, rule.Id), name);
        foreach (var group in groupBy.Where(each => !aliases.Keys.Any(alias => alias.Alias == each.Value)))
        {
            text.WarnOfUnknown(group, group.Value!);
        }

        var members = rules.Select(each => new CorrelationMember(
            each.Rule,
            [.. groupBy.Select(group => fields.Slot(FieldOf(group.Value!, each.Rule)))],
            [.. condition.Fields.Select(field => FieldOf(field, each.Rule))
                .Select(field => new CountedField(fields.Slot(field), KindOf(kind, field)))]));
        foreach (var place in new[] { RuleText.Find(map, "generate"), text.Find("generate") }.OfType<YamlNode>())
        {
            if ((place as YamlScalarNode)?.Boolean() is null)
            {
                text.Complain(place, "generate is true or false");
            }
        }

        return span is null ? null : new Correlation(info, kind, [.. members], span.Value, condition, Generates(text))
        {
            GroupBy = [.. groupBy.Select(group => group.Value!)],
            Learning = learning ?? Usual,
        };
    }

    // An address is new all the time; the network that somebody works from is not.
    static FieldKind KindOf(CorrelationType type, string field) =>
        Countries.AreIn(field) ? FieldKind.Country
        : type == CorrelationType.ValueSum && field == "aux_info" ? FieldKind.Counters
        : type == CorrelationType.FirstSeen && field is "client.ip_address" or "session.ip" ? FieldKind.Network
        : FieldKind.Text;

    static TimeSpan? Span(RuleText text, YamlMappingNode map, string member)
    {
        var written = text.Text(map, member) ?? "";
        var span = DurationText.TryParse(written);
        if (span is null)
        {
            text.Complain(RuleText.Find(map, member) ?? map, $"correlation.{member} \"{written}\" is not {DurationText.Form}");
        }

        return span;
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
