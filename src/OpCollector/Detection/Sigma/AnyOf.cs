namespace OpCollector.Detection.Sigma;

/// <summary>One of its parts has to match.</summary>
internal sealed class AnyOf(IReadOnlyList<Matcher> parts) : Matcher
{
    readonly Matcher[] _parts = [.. parts];

    public override IReadOnlySet<string>? Actions { get; } = parts.All(part => part.Actions is not null)
        ? parts.SelectMany(part => part.Actions!).ToHashSet(StringComparer.OrdinalIgnoreCase)
        : null;

    public override bool CanSay(bool isNegated) => isNegated ? _parts.All(part => part.CanSay(isNegated)) : _parts.Any(part => part.CanSay(isNegated));

    public override bool Matches(EventView view)
    {
        foreach (var part in _parts)
        {
            if (part.Matches(view))
            {
                return true;
            }
        }

        return false;
    }
}
