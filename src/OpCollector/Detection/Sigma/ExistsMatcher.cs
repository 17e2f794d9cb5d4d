namespace OpCollector.Detection.Sigma;

/// <summary>A field that is there, whatever its value, be it empty or null.</summary>
internal sealed class ExistsMatcher(int slot) : Matcher
{
    public override bool Matches(EventView view) => view.First(slot) >= 0;
}
