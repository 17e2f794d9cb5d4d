namespace OpCollector.Detection.Sigma;

/// <summary>A word that stands somewhere in the event, in whatever value.</summary>
internal sealed class KeywordMatcher(ValueTest test) : Matcher
{
    public override bool Matches(EventView view) => view.AnyScalar(test);
}
