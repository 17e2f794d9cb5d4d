namespace OpCollector.Detection.Sigma;

/// <summary>Every one of its parts has to match.</summary>
internal sealed class AllOf(IReadOnlyList<Matcher> parts) : Matcher
{
    readonly Matcher[] _parts = [.. parts];

    public override IReadOnlySet<string>? Actions { get; } = parts.Select(part => part.Actions)
        .OfType<IReadOnlySet<string>>()
        .Aggregate((IReadOnlySet<string>?)null, (both, next) => both is null ? next : both.Intersect(next, StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase));

    public override bool CanSay(bool isNegated) => _parts.All(part => part.CanSay(isNegated));

    public override bool Matches(EventView view)
    {
        foreach (var part in _parts)
        {
            if (!part.Matches(view))
            {
                return false;
            }
        }

        return true;
    }
}
