using OpCollector.Events;

namespace OpCollector.Detection.Sigma;

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

    /// <summary>The node of the member that <paramref name="reader"/> stands on; null when no rule asks for it.</summary>
    public FieldNode? Find(in ValidJsonReader reader) => _members.Find(reader);
}
