using System.Runtime.InteropServices;
using OpCollector.Events;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>All fields that the rules ask for, each with a slot, so that one pass over an event finds the values of all of them.</summary>
internal sealed class FieldTable
{
    readonly Dictionary<string, int> _slots = [];
    readonly List<(int Slot, int Detail)> _details = [];

    public FieldNode Root { get; } = new(0);

    public int Count => _slots.Count;

    /// <summary>Slots that take another's values when the event has none of their own: names that only the details have.</summary>
    public ReadOnlySpan<(int Slot, int Detail)> Details => CollectionsMarshal.AsSpan(_details);

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

/// <summary>A member that rules ask for, and the members inside it that they ask for.</summary>
internal sealed class FieldNode(int ordinal)
{
    readonly MemberTable<FieldNode> _members = new();

    /// <summary>Its place among its siblings.</summary>
    public int Ordinal => ordinal;

    /// <summary>Where its values go; -1 when only members inside it are asked for.</summary>
    public int Slot { get; set; } = -1;

    public List<FieldNode> Children { get; } = [];

    /// <summary>The node of a member, made where there is none; it is found under each of the spellings.</summary>
    public FieldNode Member(string[] spellings)
    {
        if (_members.Find(spellings[0]) is { } known)
        {
            return known;
        }

        var node = new FieldNode(Children.Count);
        Children.Add(node);
        foreach (var name in spellings)
        {
            _members.Add(name, node);
        }

        return node;
    }

    /// <summary>The node of the member that <paramref name="reader"/> is at; null when no rule asks for it.</summary>
    public FieldNode? Find(in ValidJsonReader reader) => _members.Find(reader);
}
