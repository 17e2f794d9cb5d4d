using System.Globalization;
using System.Text.Json;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>A comparison of numbers; anything else does not match.</summary>
internal sealed class NumberTest(NumberComparison comparison, decimal number) : ValueTest
{
    public override bool Matches(EventView view, in FieldValue value) =>
        NumberText.Parse(view, value) is { } found && comparison.Holds(found, number);
}

/// <summary>The number that a value is, or spells: op writes some numbers as texts (<c>"auxInfo":"52"</c>).</summary>
internal static class NumberText
{
    const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    public static decimal? Parse(EventView view, in FieldValue value) =>
        value.Kind is JsonTokenType.Number or JsonTokenType.String
        && !value.IsEscaped
        && decimal.TryParse(view.Raw(value), Style, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static decimal? Parse(string text) =>
        decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) ? number : null;
}
