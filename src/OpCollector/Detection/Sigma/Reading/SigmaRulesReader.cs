using OpCollector.Detection.Sigma.Matching;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>Reads files of Sigma rules, correlations and filters: <c>sigma-rules-specification</c> 2.1.0 and its neighbours.</summary>
internal sealed class SigmaRulesReader
{
    readonly FieldTable _fields = new();
    readonly RuleErrors _errors = new();
    readonly Placeholders _placeholders;
    readonly DetectionReader _detections;
    readonly List<SigmaRule> _rules = [];
    readonly List<(RuleInfo Info, RuleText Text)> _correlations = [];
    readonly List<(RuleText Text, YamlMappingNode Filter)> _filters = [];
    readonly List<(RuleInfo Info, RuleText Text)> _read = [];
    readonly IReadOnlyList<RuleInfo> _natives;
    readonly Dictionary<string, Matcher> _filtered = [];

    // What rules for other products are called: what rests on them is for another product as well.
    readonly HashSet<string> _foreign = new(StringComparer.OrdinalIgnoreCase);
    int _leftOut;

    SigmaRulesReader(RuleLists lists, IReadOnlyList<RuleInfo> natives)
    {
        (_placeholders, _natives) = (new Placeholders(lists), natives);
        _detections = new DetectionReader(_fields, _placeholders, _errors);
    }

    /// <param name="natives">The native rules, which correlations may count and filters may name.</param>
    /// <exception cref="Failure">Something is wrong with the rules; all of it, each with file and line (78).</exception>
    public static SigmaRules Read(
        IEnumerable<RuleFile> files, RuleLists lists, params IReadOnlyList<RuleInfo> natives)
    {
        var reader = new SigmaRulesReader(lists, natives);
        foreach (var file in files)
        {
            reader.Read(file);
        }

        return reader.Finish();
    }

    void Read(RuleFile file)
    {
        foreach (var document in SafeYaml.Read(file.Name, file.Text, _errors))
        {
            if (document is YamlMappingNode root)
            {
                Read(new RuleText(file.Name, root, _errors));
            }
            else
            {
                _errors.Add(file.Name, document, "is not a rule: a rule is a map with title, logsource and detection");
            }
        }
    }

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
        _read.Add((info, rule));
        if (rule.Find("correlation") is not null)
        {
            _correlations.Add((info, rule));
        }
        else if (rule.Map(rule.Root, "detection") is { } detection)
        {
            _placeholders.Begin();
            if (_detections.Read(rule, detection) is { } matcher)
            {
                _rules.Add(new SigmaRule(info, matcher, _placeholders.Lists));
            }
        }
    }

    SigmaRules Finish()
    {
        LeaveOutCorrelations();
        var parts = _correlations.Where(each => !CorrelationReader.Generates(each.Text))
            .SelectMany(each => Rules(each.Text, "correlation"), (each, name) => (each.Info.File, Name: name))
            .ToHashSet();
        var names = new RuleNames(
            [.. _natives, .. _read.Select(each => each.Info)],
            _read.Select(each => each.Info)
                .Where(rule => parts.Contains((rule.File, rule.Name)) || parts.Contains((rule.File, rule.Id)))
                .Select(rule => rule.Id));
        foreach (var (rule, earlier) in names.Doubled())
        {
            // Nobody can change a file that is built in.
            var (wrong, other) = rule.IsBuiltIn && !earlier.IsBuiltIn ? (earlier, rule) : (rule, earlier);
            ComplainOfDouble(wrong, other);
        }

        foreach (var (text, filter) in _filters)
        {
            Apply(text, filter, names);
        }

        var correlations = new CorrelationReader(_fields, names).Read(_correlations, complain: _errors.Count == 0);
        _errors.ThrowIfAny();
        return new SigmaRules(_fields, _rules, correlations, _placeholders.ComparedWithUuids, _placeholders.Asked, _leftOut)
        {
            Filtered = _filtered,
            Natives = _natives,
            Warnings = _errors.Warnings,
        };
    }

    // A rule that is shipped one day must not stop those who have one of that name.
    void ComplainOfDouble(RuleInfo rule, RuleInfo other)
    {
        var text = _read.First(each => ReferenceEquals(each.Info, rule)).Text;
        if (other.IsBuiltIn && !rule.IsBuiltIn && !other.Id.Equals(rule.Id, StringComparison.OrdinalIgnoreCase))
        {
            text.Warn(text.Root, $"a rule {rule.Name} is shipped with the program; by that name this one is meant");
        }
        else
        {
            text.Complain(text.Root, $"the name or id of {rule.Name} is taken by the rule in {other.File}");
        }
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
    void Apply(RuleText text, YamlMappingNode filter, RuleNames known)
    {
        _placeholders.Begin();
        var names = text.Texts(filter, "rules");
        if (names.Count == 0)
        {
            text.Complain(filter, "filter.rules is missing: the ids or names of rules, or any");
        }

        if (_detections.Read(text, filter, except: "rules") is not { } matcher)
        {
            return;
        }

        // With an empty list a filter leaves out nothing.
        var left = matcher is NotOf not ? not.Part : matcher;
        var isUsable = left.CanExclude;
        var stream = InfoReader.Stream(text);
        foreach (var name in names)
        {
            var filtered = name.Value != "any"
                ? known.Find(name.Value!, text.File) is { } rule ? [rule] : []
                : _rules.Select(each => each.Info).Where(each => stream is null || each.Stream == stream).ToArray();
            if (filtered is not [{ HasEvents: true }, ..])
            {
                text.Complain(name, filtered is [var without, ..]
                    ? $"the rule {without.Name} looks at no event, so nothing of it can be left out"
                    : name.Value == "any" ? "there is no rule of which this filter could leave something out"
                    : $"there is no rule {name.Value} to filter");
            }

            foreach (var each in isUsable ? filtered : [])
            {
                LeaveOut(each, left);
            }
        }
    }

    void LeaveOut(RuleInfo rule, Matcher left)
    {
        if (_rules.FindIndex(each => ReferenceEquals(each.Info, rule)) is >= 0 and var at)
        {
            _rules[at] = _rules[at] with { Matcher = new AllOf([_rules[at].Matcher, new NotOf(left)]) };
        }
        else
        {
            _filtered[rule.Id] = _filtered.TryGetValue(rule.Id, out var other) ? new AnyOf([other, left]) : left;
        }
    }
}
