using System.Text.Json;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>A value that is true, or one that is false.</summary>
internal sealed class BooleanTest(bool expected) : ValueTest
{
    public override bool Matches(EventView view, in FieldValue value) =>
        value.Kind == (expected ? JsonTokenType.True : JsonTokenType.False);
}
