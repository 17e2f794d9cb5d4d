using System.Text.Json;

namespace OpCollector.Detection.Sigma;

/// <summary>A field that is absent, or null.</summary>
internal sealed class NullMatcher(int slot) : Matcher
{
    public override bool Matches(EventView view)
    {
        var at = view.First(slot);
        while (at >= 0 && view[at].Kind != JsonTokenType.Null)
        {
            at = view[at].Next;
        }

        return at >= 0 || view.First(slot) < 0;
    }
}
