using OpCollector.Events;

namespace OpCollector.Detection.Sigma;

/// <summary>All fields that the rules ask for, each with a slot, so that one pass over an event finds the values of all of them.</summary>
internal sealed class FieldTable
{
    readonly Dictionary<string, int> _slots = [];
    readonly List<(int Slot, int Detail)> _details = [];

    public FieldNode Root { get; } = new(0);

    public int Count => _slots.Count;

    /// <summary>Slots that take another's values when the event has none of their own: names that only the details have.</summary>
    public IReadOnlyList<(int Slot, int Detail)> Details => _details;

    /// <summary>The slot of a field as a rule writes it, dots reaching into nested objects.</summary>
    public int Slot(string field)
    {
        var path = field.Split('.');
        path[0] = FieldNames.Api(path[0]);
        var name = string.Join('.', path);
        if (_slots.TryGetValue(name, out var known))
        {
            return known;
        }

        var slot = _slots[name] = _slots.Count;
        var node = Root.Member(FieldNames.Spellings(path[0]));
        foreach (var inner in path.Skip(1))
        {
            node = node.Member([inner]);
        }

        node.Slot = slot;
        if (FieldNames.Detail(name) is { } detail)
        {
            _details.Add((slot, Slot(detail)));
        }

        return slot;
    }
}
