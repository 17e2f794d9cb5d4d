namespace OpCollector.Detection.Sigma.Matching;

/// <summary>What a rule says of an event.</summary>
internal abstract class Matcher
{
    /// <summary>The only actions that an event can have for this to match, in any case; null where it may have any, or none.</summary>
    public virtual IReadOnlySet<string>? Actions => null;

    /// <summary>Whether it can match anything although some watch lists are empty; of several choices one is enough.</summary>
    public virtual bool CanMatch => true;

    /// <summary>
    /// Whether it can leave something out, behind a <c>not</c>, although some watch lists are empty. There each choice counts: without its
    /// list, <c>not admin</c> would be everybody.
    /// </summary>
    public virtual bool CanExclude => true;

    public abstract bool Matches(EventView view);
}

/// <summary>Every one of its parts has to match.</summary>
internal sealed class AllOf(IReadOnlyList<Matcher> parts) : Matcher
{
    readonly Matcher[] _parts = [.. parts];

    public override IReadOnlySet<string>? Actions { get; } = parts.Select(part => part.Actions)
        .OfType<IReadOnlySet<string>>()
        .Aggregate(
            (IReadOnlySet<string>?)null,
            (both, next) => both is null
                ? next
                : both.Intersect(next, StringComparer.OrdinalIgnoreCase).ToHashSet(StringComparer.OrdinalIgnoreCase));

    public override bool CanMatch => _parts.All(part => part.CanMatch);

    public override bool CanExclude => _parts.All(part => part.CanExclude);

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

/// <summary>One of its parts has to match.</summary>
internal sealed class AnyOf(IReadOnlyList<Matcher> parts) : Matcher
{
    readonly Matcher[] _parts = [.. parts];

    public override IReadOnlySet<string>? Actions { get; } = parts.All(part => part.Actions is not null)
        ? parts.SelectMany(part => part.Actions!).ToHashSet(StringComparer.OrdinalIgnoreCase)
        : null;

    public override bool CanMatch => _parts.Any(part => part.CanMatch);

    public override bool CanExclude => _parts.All(part => part.CanExclude);

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

/// <summary>Matches what another does not.</summary>
internal sealed class NotOf(Matcher part) : Matcher
{
    public Matcher Part => part;

    public override bool CanMatch => part.CanExclude;

    public override bool CanExclude => part.CanMatch;

    public override bool Matches(EventView view) => !part.Matches(view);
}
