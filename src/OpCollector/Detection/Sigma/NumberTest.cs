namespace OpCollector.Detection.Sigma;

/// <summary>A comparison of numbers; what is no number passes none.</summary>
internal sealed class NumberTest(Comparison comparison, decimal number) : ValueTest
{
    public override bool Matches(EventView view, in FieldValue value) =>
        NumberText.Of(view, value) is { } found && comparison.Holds(found, number);
}
