namespace OpCollector.Detection.Sigma;

/// <summary>What a rule says of an event.</summary>
internal abstract class Matcher
{
    /// <summary>The only actions that an event can have for this to match, in any case; null where it may have any, or none.</summary>
    public virtual IReadOnlySet<string>? Actions => null;

    /// <summary>
    /// Whether it can say anything although some watch lists are empty. Of several choices one is enough, but not behind a
    /// <c>not</c>: without its list, <c>not admin</c> would be everybody.
    /// </summary>
    public virtual bool CanSay(bool isNegated) => true;

    public abstract bool Matches(EventView view);
}
