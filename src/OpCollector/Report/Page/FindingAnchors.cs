using OpCollector.Report.Markup;

namespace OpCollector.Report.Page;

/// <summary>The place of each finding that the page shows in full.</summary>
internal sealed class FindingAnchors
{
    readonly Dictionary<KeptFinding, Anchor> _anchors = new(ReferenceEqualityComparer.Instance);

    public FindingAnchors(IEnumerable<KeptFinding> shown)
    {
        foreach (var finding in shown)
        {
            _anchors[finding] = Anchor.Create(AnchorKind.Finding, _anchors.Count);
        }
    }

    public Anchor this[KeptFinding finding] => _anchors[finding];

    /// <summary>A text that leads to a finding, where that is shown.</summary>
    public Html Link(KeptFinding? finding, string text) => finding is not null && _anchors.TryGetValue(finding, out var anchor)
        ? Html.Element(Tag.A, new Attributes { LinkTo = anchor }, text)
        : text;
}
