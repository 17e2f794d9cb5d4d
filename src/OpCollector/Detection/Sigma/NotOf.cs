namespace OpCollector.Detection.Sigma;

/// <summary>Matches what another does not.</summary>
internal sealed class NotOf(Matcher part) : Matcher
{
    public Matcher Part => part;

    public override bool CanSay(bool isNegated) => part.CanSay(!isNegated);

    public override bool Matches(EventView view) => !part.Matches(view);
}
