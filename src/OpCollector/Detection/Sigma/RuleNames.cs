namespace OpCollector.Detection.Sigma;

/// <summary>
/// Finds a rule by what another calls it. A part of a correlation has its name for its own file: elsewhere a rule that reports comes first.
/// </summary>
internal sealed class RuleNames
{
    readonly IReadOnlyList<RuleInfo> _all;
    readonly ILookup<string, RuleInfo> _byName;
    readonly HashSet<string> _parts;

    /// <param name="parts">The ids of the rules that are parts of a correlation in their file.</param>
    public RuleNames(IReadOnlyList<RuleInfo> all, IEnumerable<string> parts)
    {
        _all = all;
        _parts = [.. parts];
        _byName = all.SelectMany(rule => new[] { rule.Id, rule.Name }.Distinct(), (rule, name) => (rule, name))
            .ToLookup(each => each.name, each => each.rule, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The rule that a file means by a name; null where there is none.</summary>
    public RuleInfo? Find(string name, string file) => _byName[name]
        .OrderBy(rule => rule.File == file ? 0 : _parts.Contains(rule.Id) ? 3 : rule.IsBuiltIn ? 2 : 1)
        .FirstOrDefault();

    /// <summary>The rules of which an earlier one has the name, each with that one.</summary>
    public IEnumerable<(RuleInfo Rule, RuleInfo Earlier)> Doubled()
    {
        var before = new Dictionary<string, RuleInfo>(StringComparer.OrdinalIgnoreCase);
        foreach (var rule in _all)
        {
            foreach (var name in new[] { rule.Id, rule.Name }.Distinct())
            {
                if (!before.TryGetValue(name, out var earlier))
                {
                    before[name] = rule;
                }
                else if (!ReferenceEquals(earlier, rule) && !IsOfItsOwnFile(earlier, rule))
                {
                    yield return (rule, earlier);
                    break;
                }
            }
        }
    }

    bool IsOfItsOwnFile(RuleInfo one, RuleInfo other) =>
        one.File != other.File && one.Id != other.Id && (_parts.Contains(one.Id) || _parts.Contains(other.Id));
}
