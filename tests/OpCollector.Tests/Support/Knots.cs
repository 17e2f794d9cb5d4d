namespace OpCollector.Tests.Support;

/// <summary>Finds the parts of a graph in which each reaches each other.</summary>
internal sealed class Knots
{
    readonly IReadOnlyDictionary<string, HashSet<string>> _uses;
    readonly Dictionary<string, int> _order = [];
    readonly Dictionary<string, int> _lowest = [];
    readonly Stack<string> _open = new();
    readonly List<string[]> _found = [];

    Knots(IReadOnlyDictionary<string, HashSet<string>> uses) => _uses = uses;

    /// <summary>All that stand in a knot, each with the others of its knot.</summary>
    public static IEnumerable<string> In(IReadOnlyDictionary<string, HashSet<string>> uses)
    {
        var knots = new Knots(uses);
        foreach (var node in uses.Keys.Where(node => !knots._order.ContainsKey(node)))
        {
            knots.Visit(node);
        }

        return knots._found.SelectMany(knot => knot.Select(node => $"{Path.GetFileName(node)} (with {string.Join(' ', knot)})"));
    }

    // Tarjan's strongly connected components.
    void Visit(string node)
    {
        _order[node] = _lowest[node] = _order.Count;
        _open.Push(node);
        foreach (var next in _uses.GetValueOrDefault(node) ?? [])
        {
            if (!_order.TryGetValue(next, out var at))
            {
                Visit(next);
                _lowest[node] = Math.Min(_lowest[node], _lowest[next]);
            }
            else if (_open.Contains(next))
            {
                _lowest[node] = Math.Min(_lowest[node], at);
            }
        }

        if (_lowest[node] == _order[node])
        {
            Close(node);
        }
    }

    void Close(string node)
    {
        var members = new List<string>();
        do
        {
            members.Add(_open.Pop());
        }
        while (members[^1] != node);

        if (members.Count > 1)
        {
            _found.Add([.. members.Order(StringComparer.Ordinal)]);
        }
    }
}
