using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma;

/// <summary>Reads files of Sigma rules, correlations and filters: <c>sigma-rules-specification</c> 2.1.0 and its neighbours.</summary>
internal sealed class RulesReader
{
    readonly FieldTable _fields = new();
    readonly Complaints _complaints = new();
    readonly Placeholders _placeholders;
    readonly List<SigmaRule> _rules = [];
    readonly List<(RuleInfo Info, RuleText Text)> _correlations = [];
    readonly List<(RuleText Text, YamlMappingNode Filter)> _filters = [];

    // What rules for other products are called: what rests on them is for another product as well.
    readonly HashSet<string> _foreign = new(StringComparer.OrdinalIgnoreCase);
    int _leftOut;

    RulesReader(Func<string, IReadOnlyList<string>?> list) => _placeholders = new Placeholders(list);

    /// <param name="list">The entries of a watch list; null when there is no such list.</param>
    /// <exception cref="Failure">Something is wrong with the rules; all of it, each with file and line (78).</exception>
    public static SigmaRules Read(IEnumerable<RuleFile> files, Func<string, IReadOnlyList<string>?> list)
    {
        var reader = new RulesReader(list);
        foreach (var file in files)
        {
            reader.Read(file);
        }

        return reader.Finish();
    }

    void Read(RuleFile file)
    {
        foreach (var document in SafeYaml.Read(file.Name, file.Text, _complaints))
        {
            if (document is YamlMappingNode root)
            {
                Read(new RuleText(file.Name, root, _complaints));
            }
            else
            {
                _complaints.Add(file.Name, document, "is no rule: a rule is a map with title, logsource and detection");
            }
        }
    }

    // Long: each member of a rule is read, and complained of, at its place.
    void Read(RuleText rule)
    {
        if (InfoReader.IsForeign(rule))
        {
            LeaveOut(rule);
            return;
        }

        if (rule.Find("filter") is { } filter)
        {
            if (filter is YamlMappingNode map)
            {
                _filters.Add((rule, map));
            }
            else
            {
                rule.Complain(filter, "filter must be a map");
            }

            return;
        }

        var info = InfoReader.Read(rule);
        if (_rules.Select(each => each.Info)
            .Concat(_correlations.Select(each => each.Info))
            .FirstOrDefault(each => each.IsCalled(info.Id) || each.IsCalled(info.Name)) is { } same)
        {
            rule.Complain(rule.Root, $"the rule {info.Name} stands in {same.File} already");
        }

        if (rule.Find("correlation") is not null)
        {
            _correlations.Add((info, rule));
        }
        else if (rule.Map(rule.Root, "detection") is { } detection)
        {
            _placeholders.Empty.Clear();
            if (Condition(rule, detection) is { } matcher)
            {
                _rules.Add(new SigmaRule(info, matcher, [.. _placeholders.Empty]));
            }
        }
    }

    SigmaRules Finish()
    {
        LeaveOutCorrelations();
        foreach (var (text, filter) in _filters)
        {
            Apply(text, filter);
        }

        var correlations = new CorrelationReader(_fields, [.. _rules.Select(rule => rule.Info), .. _correlations.Select(each => each.Info)])
            .Read(_correlations, complain: _complaints.Count == 0);
        _complaints.ThrowIfAny();
        return new SigmaRules(_fields, _rules, correlations, _placeholders.ComparedWithUuids, _placeholders.Asked, _leftOut);
    }

    void LeaveOut(RuleText rule)
    {
        _leftOut++;
        foreach (var member in new[] { "id", "name" })
        {
            if (rule.Find(member) is YamlScalarNode { Value.Length: > 0 } called)
            {
                _foreign.Add(called.Value);
            }
        }
    }

    void LeaveOutCorrelations()
    {
        while (_correlations.FirstOrDefault(each => Rules(each.Text, "correlation").Any(_foreign.Contains)) is { Text: { } foreign })
        {
            LeaveOut(foreign);
            _correlations.RemoveAll(each => each.Text == foreign);
        }

        _leftOut += _filters.RemoveAll(each => Rules(each.Text, "filter") is { Length: > 0 } rules && rules.All(_foreign.Contains));
    }

    static string[] Rules(RuleText text, string of) => text.Find(of) is not YamlMappingNode map ? [] : RuleText.Find(map, "rules") switch
    {
        YamlSequenceNode list => [.. list.Children.Select(each => $"{each}")],
        YamlScalarNode { Value: { } only } => [only],
        _ => [],
    };

    /// <summary>
    /// What meets a filter's condition is left out. <c>not selection</c>, as some tools write it, means the same: a filter that
    /// left out everything else would be of no use to anybody.
    /// </summary>
    void Apply(RuleText text, YamlMappingNode filter)
    {
        _placeholders.Empty.Clear();
        var names = text.Texts(filter, "rules");
        if (names.Count == 0)
        {
            text.Complain(filter, "filter.rules is missing: the ids or names of rules, or any");
        }

        if (Condition(text, filter, except: "rules") is not { } matcher)
        {
            return;
        }

        // With an empty list a filter leaves out nothing.
        var left = matcher is NotOf not ? not.Part : matcher;
        var isUsable = left.CanSay(isNegated: true);
        var stream = InfoReader.Stream(text);
        foreach (var name in names)
        {
            var isAny = name.Value == "any";
            var found = false;
            for (var at = 0; at < _rules.Count; at++)
            {
                if (isAny ? stream is null || _rules[at].Info.Stream == stream : _rules[at].Info.IsCalled(name.Value!))
                {
                    _rules[at] = isUsable ? _rules[at] with { Matcher = new AllOf([_rules[at].Matcher, new NotOf(left)]) } : _rules[at];
                    found = true;
                }
            }

            if (!found)
            {
                text.Complain(name, $"there is no rule {name.Value} to filter");
            }
        }
    }

    // Long: each member of a rule is read, and complained of, at its place.
    Matcher? Condition(RuleText rule, YamlMappingNode detection, string? except = null)
    {
        var reader = new SelectionReader(_fields, _placeholders, rule);
        var before = _complaints.Count;
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

        if (RuleText.Find(detection, "condition") is null)
        {
            rule.Complain(detection, "condition is missing");
        }

        var conditions = new List<Matcher>();
        // What is wrong with a selection is no fault of the condition that names it.
        foreach (var condition in _complaints.Count == before ? rule.Texts(detection, "condition") : [])
        {
            try
            {
                conditions.Add(ConditionParser.Parse(condition.Value!, selections));
            }
            catch (WrittenWrongException ex)
            {
                rule.Complain(condition, $"condition: {ex.Message}");
            }
        }

        return _complaints.Count > before ? null : conditions is [var only] ? only : new AnyOf(conditions);
    }
}
