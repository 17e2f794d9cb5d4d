using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>
/// The events that nobody wants to have delivered (<c>sink.drop</c>): those that a rule matches. The rules of detection see them.
/// </summary>
internal sealed class DropRules
{
    readonly SigmaRule[] _rules;
    readonly EventView _view;

    DropRules(SigmaRules rules)
    {
        // A rule whose watch list is empty says nothing of an event.
        _rules = [.. rules.Rules.Where(rule => rule.IsUsable)];
        _view = new EventView(rules.Fields);
        Lists = rules.Lists;
        Warnings = rules.Warnings;
        Lacking = [.. rules.Rules.Where(rule => !rule.IsUsable).Select(rule => (rule.Info.Name, rule.EmptyLists[0]))];
    }

    /// <summary>Reads the rules of files and directories.</summary>
    /// <exception cref="Failure">One cannot be read, or is wrong (78).</exception>
    public static DropRules Read(IEnumerable<string> paths, RuleLists lists)
    {
        var rules = SigmaRulesReader.Read(paths.SelectMany(RuleFiles.Read), lists);
        return rules.Correlations is [var many, ..]
            ? throw new Failure(
                ExitCode.Configuration,
                $"{many.Info.File}: {many.Info.Name} is a correlation, and sink.drop decides for each event by itself; leave it out")
            : new DropRules(rules);
    }

    /// <summary>How many rules there are that can match something.</summary>
    public int Count => _rules.Length;

    /// <summary>The others, each with the watch list that holds nothing.</summary>
    public IReadOnlyList<(string Rule, string List)> Lacking { get; }

    /// <summary>The watch lists that some rule asks for.</summary>
    public ListUse Lists { get; }

    /// <summary>What is likely to be a mistake in the rules, with its place.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Whether an event stays behind.</summary>
    public bool Has(ActivityEvent each, string stream)
    {
        _view.Read(each.Bytes);
        return _rules.Any(rule => (rule.Info.Stream is null || rule.Info.Stream == stream) && rule.Matcher.Matches(_view));
    }
}
