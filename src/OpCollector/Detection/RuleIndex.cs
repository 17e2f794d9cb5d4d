using OpCollector.Detection.Sigma.Matching;
using OpCollector.Detection.Sigma.Reading;


namespace OpCollector.Detection;

/// <summary>The rules of one stream by the actions they ask for, so that a hundred rules cost little more than ten.</summary>
internal sealed class RuleIndex
{
    readonly Dictionary<string, SigmaRule[]>.AlternateLookup<ReadOnlySpan<char>> _byAction;
    readonly SigmaRule[] _anyAction;
    readonly SigmaRule[] _all;
    readonly int _action;

    public RuleIndex(IEnumerable<SigmaRule> rules, int action)
    {
        _all = [.. rules];
        _action = action;
        _anyAction = [.. _all.Where(rule => rule.Matcher.Actions is null)];
        _byAction = _all.SelectMany(rule => rule.Matcher.Actions ?? (IReadOnlySet<string>)new HashSet<string>())
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToDictionary(each => each, each => _all.Where(rule => rule.Matcher.Actions?.Contains(each) ?? true)
                .ToArray(), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The rules that could match an event.</summary>
    public SigmaRule[] Candidates(EventView view)
    {
        var at = view.First(_action);
        return at < 0 ? _anyAction
            : !view[at].IsScalar || view[at].Next >= 0 ? _all
            : _byAction.TryGetValue(view.Text(view[at]), out var rules) ? rules : _anyAction;
    }
}
