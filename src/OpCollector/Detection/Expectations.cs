using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;
using OpCollector.Sources;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection;

/// <summary>
/// Tries rules on the events beside them. <c>name.expect.yml</c> is a list of cases, each with <c>events</c> and the
/// <c>findings</c> that they must make: a number for each rule of <c>name.yml</c>, <c>2+</c> for at least two, and none of the
/// rules that are not named.
/// </summary>
internal sealed class Expectations
{
    readonly string _file;
    readonly IReadOnlyList<RuleFile> _rules;
    readonly IEnumerable<string> _ownLists;
    readonly RuleErrors _errors = new();
    readonly List<string> _unmet = [];

    Expectations(string file, IReadOnlyList<RuleFile> rules, IEnumerable<string> ownLists) =>
        (_file, _rules, _ownLists) = (file, rules, ownLists);

    /// <param name="rules">Files on the disk.</param>
    /// <param name="ownLists">The lists that the configuration has, so that rules may ask for them.</param>
    /// <exception cref="Failure">The rules, or the expectations, are written wrong (78).</exception>
    public static (
        IReadOnlyList<(string File, int Rules, int Cases)> Files, IReadOnlyList<string> Unmet, IReadOnlyList<string> Warnings) Run(
        IReadOnlyList<RuleFile> rules, IEnumerable<string> ownLists)
    {
        var files = new List<(string File, int Rules, int Cases)>();
        var unmet = new List<string>();
        // A correlation of one's own may rest on built-in rules; when those are checked themselves, they stand for themselves.
        var all = rules.Concat(RuleFiles.BuiltIn()
            .Where(builtIn => !rules.Any(rule => builtIn.Name.EndsWith($" {Path.GetFileName(rule.Name)}", StringComparison.Ordinal))))
            .ToArray();
        string[] lists = [.. ownLists.Concat(rules.SelectMany(rule => ListsBeside(rule.Name))).Distinct()];
        var read = SigmaRulesReader.Read(all, new ListsOfCase(new Dictionary<string, IReadOnlyList<string>>(), lists), NativeRules.All);
        foreach (var name in rules.Select(file => file.Name))
        {
            var expected = Beside(name);
            var cases = 0;
            if (File.Exists(expected))
            {
                var expectations = new Expectations(expected, all, lists);
                cases = expectations.Try([.. read.All.Where(rule => rule.File == name)]);
                unmet.AddRange(expectations._unmet);
            }

            files.Add((name, read.All.Count(rule => rule.File == name), cases));
        }

        return (files, unmet, read.Warnings);
    }

    static string Beside(string rules) => Path.ChangeExtension(rules, null) + RuleFiles.Expectations;

    // What is wrong with the expectations is complained of when they are tried.
    static IEnumerable<string> ListsBeside(string rules) => !File.Exists(Beside(rules))
        ? []
        : new Expectations(Beside(rules), [], []).Cases()
            .Select(each => RuleText.Find(each, "lists"))
            .OfType<YamlMappingNode>()
            .SelectMany(lists => lists.Children.Keys)
            .Select(name => $"{name}");

    int Try(IReadOnlyList<RuleInfo> own)
    {
        var cases = Cases();
        foreach (var each in cases)
        {
            var text = new RuleText(_file, each, _errors);
            var lists = (RuleText.Find(each, "lists") as YamlMappingNode)?.Children.Keys.DistinctBy(key => $"{key}").ToDictionary(
                key => $"{key}",
                key =>
                    (IReadOnlyList<string>)[.. text.Texts((YamlMappingNode)RuleText.Find(each, "lists")!, $"{key}")
                        .Select(entry => entry.Value!)]) ?? [];
            var rules = SigmaRulesReader.Read(_rules, new ListsOfCase(lists, _ownLists), NativeRules.All);
            var engine = InstalledRules.WithoutSettings(rules).CreateEngine();
            var found = new List<string>();
            foreach (var (stream, json) in Events(text))
            {
                try
                {
                    var bytes = System.Text.Encoding.UTF8.GetBytes(json.Value ?? "");
                    var marks = UntaggedEvent.Read(bytes);
                    found.AddRange(
                        engine
                            .Evaluate(bytes, stream
                                ?? marks.Stream
                                ?? (own is [var first, ..] ? first.Stream : null)
                                ?? Streams.Audit, marks.Id, marks.Time)
                            .Select(finding => finding.Rule.Name));
                }
                catch (NoJsonException ex)
                {
                    text.Complain(json, $"is not a JSON object: {ex.Message}");
                }
            }

            Compare(text, own, found);
        }

        _errors.ThrowIfAny();
        return cases.Count;
    }

    void Compare(RuleText text, IReadOnlyList<RuleInfo> own, List<string> found)
    {
        var findings = text.Map(text.Root, "findings")
            ?.Children
            .DistinctBy(each => $"{each.Key}")
            .ToDictionary(each => $"{each.Key}", each => (Node: each.Value, Text: $"{each.Value}"))
            ?? [];
        foreach (var unknown in findings.Keys.Where(name => !own.Any(rule => rule.IsCalled(name))))
        {
            text.Complain(findings[unknown].Node, $"there is no rule {unknown} in the file beside this one");
        }

        foreach (var rule in own)
        {
            var count = found.Count(name => rule.IsCalled(name));
            var (at, expected) = findings.FirstOrDefault(each => rule.IsCalled(each.Key)).Value is { Text: not null } named
                ? named
                : (text.Root, "0");
            var isAtLeast = expected.EndsWith('+');
            if (!int.TryParse(expected.TrimEnd('+'), out var number))
            {
                text.Complain(at, $"findings.{rule.Name} must be a number, or one with a + for at least so many");
            }
            else if (isAtLeast ? count < number : count != number)
            {
                _unmet.Add(
                    $"{_file}:{at.Start.Line}: {text.Text(text.Root, "case") ?? "a case"}: {rule.Name} was found {count} times, " +
                        $"expected {expected}");
            }
        }
    }

    IReadOnlyList<YamlMappingNode> Cases()
    {
        var cases = SafeYaml.Read(_file, RuleFiles.TextOf(_file), _errors)
            .SelectMany(root => root is YamlSequenceNode list ? list.Children : [root])
            .ToArray();
        foreach (var wrong in cases.Where(each => each is not YamlMappingNode))
        {
            _errors.Add(_file, wrong, "a case is a map with events and findings");
        }

        return [.. cases.OfType<YamlMappingNode>()];
    }

    // An event is a text of JSON, or a map of its stream to that.
    static IEnumerable<(string? Stream, YamlScalarNode Json)> Events(RuleText text)
    {
        foreach (var each in RuleText.Find(text.Root, "events") is YamlSequenceNode events ? events.Children : [])
        {
            if (each is YamlScalarNode json)
            {
                yield return (null, json);
            }
            else if (each is YamlMappingNode { Children.Count: 1 } map
                && map.Children.First() is var tagged
                && Streams.All.Contains($"{tagged.Key}")
                && tagged.Value is YamlScalarNode tail)
            {
                yield return ($"{tagged.Key}", tail);
            }
            else
            {
                text.Complain(each, "an event is a text of JSON, or its stream and that: audit, signin, itemusage");
            }
        }
    }

    /// <summary>The lists of a case; one of one's own that the case leaves out is empty.</summary>
    sealed class ListsOfCase(Dictionary<string, IReadOnlyList<string>> lists, IEnumerable<string> own) : RuleLists
    {
        readonly Watchlists _lists = new(lists, []);

        public override IReadOnlyList<string>? Find(string name) => _lists.Find(name) ?? (own.Contains(name) ? [] : null);
    }
}
