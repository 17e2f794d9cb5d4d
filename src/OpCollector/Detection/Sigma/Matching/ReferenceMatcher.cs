using System.Text.Json;
using OpCollector.Sources;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>
/// Two fields of the same event with the same value. What is absent, null or empty is equal to nothing: two events' missing
/// uuids are not the same person.
/// </summary>
internal sealed class ReferenceMatcher(int slot, int other, TextPlace place, StringComparison comparison) : Matcher
{
    public override bool Matches(EventView view)
    {
        for (var at = view.First(slot); at >= 0; at = view[at].Next)
        {
            for (var against = view.First(other); against >= 0; against = view[against].Next)
            {
                if (Same(view, view[at], view[against]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    bool Same(EventView view, in FieldValue left, in FieldValue right)
    {
        if (!left.IsScalar || !right.IsScalar || left.Length == 0 || right.Length == 0)
        {
            return false;
        }

        if (left.Kind == JsonTokenType.Number
            && right.Kind == JsonTokenType.Number
            && NumberText.Parse(view, left) is { } number
            && NumberText.Parse(view, right) is { } same)
        {
            return number == same;
        }

        var text = new string(view.Text(left));
        return place switch
        {
            TextPlace.Whole => view.Text(right).Equals(text, comparison),
            TextPlace.Start => text.AsSpan().StartsWith(view.Text(right), comparison),
            TextPlace.End => text.AsSpan().EndsWith(view.Text(right), comparison),
            _ => text.AsSpan().Contains(view.Text(right), comparison),
        };
    }
}

/// <summary>Which part of a text has to be what another says.</summary>
internal enum TextPlace
{
    Whole,
    Start,
    End,
    Anywhere,
}
