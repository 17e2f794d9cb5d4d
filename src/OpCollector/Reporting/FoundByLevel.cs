using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Reporting;

/// <summary>How many findings there are of each level: the sum that a dry run ends with.</summary>
internal sealed class FoundByLevel
{
    // The most severe first.
    static readonly string[] Levels = [.. Enum.GetNames<RuleLevel>().Reverse().Select(level => level.ToLowerInvariant())];

    readonly Dictionary<string, int> _found = new(StringComparer.Ordinal);

    /// <summary><c>30 findings (5 high, 25 medium)</c>.</summary>
    public string Text
    {
        get
        {
            var all = Quantity.Format(_found.Values.Sum(), "finding");
            var each = Levels.Where(_found.ContainsKey).Select(level => $"{_found[level]:N0} {level}");
            return _found.Count == 0 ? all : $"{all} ({string.Join(", ", each)})";
        }
    }

    public void Add(IEnumerable<ActivityEvent> items)
    {
        foreach (var level in items.Select(each => each.Headline?.Level).OfType<string>())
        {
            _found[level] = _found.GetValueOrDefault(level) + 1;
        }
    }
}
