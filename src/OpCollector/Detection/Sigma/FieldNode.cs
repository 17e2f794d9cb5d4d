using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Detection.Sigma;

/// <summary>A member that rules ask for, and the members inside it that they ask for.</summary>
internal sealed class FieldNode(int ordinal)
{
    const int LongestName = 256;

    // By the length of the name, because most names are told apart by it.
    (byte[] Name, string Text, FieldNode Node)[][] _byLength = [];

    /// <summary>Its place among its siblings.</summary>
    public int Ordinal => ordinal;

    /// <summary>Where its values go; -1 when only members inside it are asked for.</summary>
    public int Slot { get; set; } = -1;

    public List<FieldNode> Children { get; } = [];

    /// <summary>The node of a member, made where there is none; it is found under each of the spellings.</summary>
    public FieldNode Member(string[] spellings)
    {
        if (FindText(spellings[0]) is { } known)
        {
            return known;
        }

        var node = new FieldNode(Children.Count);
        Children.Add(node);
        foreach (var text in spellings)
        {
            var name = Encoding.UTF8.GetBytes(text);
            if (name.Length >= _byLength.Length)
            {
                var longer = new (byte[] Name, string Text, FieldNode Node)[name.Length + 1][];
                Array.Fill(longer, []);
                _byLength.CopyTo(longer, 0);
                _byLength = longer;
            }

            _byLength[name.Length] = [.. _byLength[name.Length], (name, text, node)];
        }

        return node;
    }

    /// <summary>The node of the member that <paramref name="reader"/> stands on; null when no rule asks for it.</summary>
    public FieldNode? Find(ref Utf8JsonReader reader)
    {
        var name = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            return name.Length <= LongestName ? FindText(JsonText.Decode(name)) : null;
        }

        if (name.Length < _byLength.Length)
        {
            foreach (var (candidate, _, node) in _byLength[name.Length])
            {
                if (name.SequenceEqual(candidate))
                {
                    return node;
                }
            }
        }

        return null;
    }

    FieldNode? FindText(string text)
    {
        foreach (var each in _byLength)
        {
            foreach (var (_, candidate, node) in each)
            {
                if (candidate == text)
                {
                    return node;
                }
            }
        }

        return null;
    }
}
