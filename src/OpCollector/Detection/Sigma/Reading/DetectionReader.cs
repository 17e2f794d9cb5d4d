using OpCollector.Detection.Sigma.Matching;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>Reads selections and the condition over them: the section <c>detection</c> of a rule, or <c>filter</c>.</summary>
internal sealed class DetectionReader(FieldTable fields, Placeholders placeholders, RuleErrors errors)
{
    /// <param name="except">A member that is not a selection.</param>
    /// <returns>Null when something is wrong with it, which is a complaint by then.</returns>
    public Matcher? Read(RuleText rule, YamlMappingNode detection, string? except = null)
    {
        var before = errors.Count;
        var selections = Selections(rule, detection, except);
        if (RuleText.Find(detection, "condition") is null)
        {
            rule.Complain(detection, "condition is missing");
        }

        var named = new HashSet<string>();
        // A condition that names a wrong selection is not wrong itself.
        var conditions = errors.Count == before ? Conditions(rule, detection, selections, named) : [];
        if (conditions.Count == 0 && errors.Count == before)
        {
            rule.Complain(RuleText.Find(detection, "condition") ?? detection, "condition holds nothing");
        }

        foreach (var key in detection.Children.Keys.Where(key => selections.ContainsKey($"{key}") && !named.Contains($"{key}")))
        {
            rule.Warn(key, $"no condition names the selection {key}, so it has no effect");
        }

        return errors.Count > before ? null : conditions is [var only] ? only : new AnyOf(conditions);
    }

    Dictionary<string, Matcher> Selections(RuleText rule, YamlMappingNode detection, string? except)
    {
        var reader = new SelectionReader(fields, placeholders, rule);
        var selections = new Dictionary<string, Matcher>();
        foreach (var (key, node) in detection.Children)
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } name })
            {
                rule.Complain(key, "a selection needs a name");
            }
            else if (name == "timeframe")
            {
                rule.Complain(key, "timeframe was Sigma 1; write a correlation");
            }
            else if (name != "condition" && name != except && reader.Read(node) is { } selection)
            {
                selections[name] = selection;
            }
        }

        return selections;
    }

    /// <param name="named">Is given the names of the selections that they name.</param>
    static List<Matcher> Conditions(
        RuleText rule, YamlMappingNode detection, Dictionary<string, Matcher> selections, HashSet<string> named)
    {
        var conditions = new List<Matcher>();
        foreach (var condition in rule.Texts(detection, "condition"))
        {
            try
            {
                conditions.Add(ConditionParser.Parse(condition.Value!, selections, named));
            }
            catch (InvalidRuleException ex)
            {
                rule.Complain(condition, $"condition: {ex.Message}");
            }
        }

        return conditions;
    }
}
