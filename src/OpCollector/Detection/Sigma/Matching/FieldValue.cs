using System.Text.Json;
using OpCollector.Sources;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>One value of a field: its place in the bytes of the event.</summary>
/// <param name="Start">Of a string: behind the quote.</param>
/// <param name="Next">The next value of the same field, which an array has; -1 after the last.</param>
internal record struct FieldValue(JsonTokenType Kind, int Start, int Length, bool IsEscaped, int Next)
{
    public readonly bool IsScalar => Kind is JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False;
}
