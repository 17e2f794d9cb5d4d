namespace OpCollector.Detection.Sigma.Matching;

/// <summary>What a rule says of one value.</summary>
internal abstract class ValueTest
{
    /// <summary>The whole text that the value has to be, upper and lower case alike; null for every other test.</summary>
    public virtual string? Whole => null;

    public abstract bool Matches(EventView view, in FieldValue value);
}
