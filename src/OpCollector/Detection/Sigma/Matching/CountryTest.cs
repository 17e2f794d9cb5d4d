using OpCollector.Events;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>A country, whether the event says its code or one of its names.</summary>
internal sealed class CountryTest(IReadOnlySet<string> codes) : ValueTest
{
    /// <summary>The same tests, those of a whole text that means a country taken together.</summary>
    public static IReadOnlyList<ValueTest> InPlaceOf(IReadOnlyList<ValueTest> tests)
    {
        var codes = tests.Select(Code).OfType<string>().ToHashSet();
        return codes.Count == 0 ? tests : [.. tests.Where(test => Code(test) is null), new CountryTest(codes)];
    }

    public override bool Matches(EventView view, in FieldValue value) =>
        value.IsScalar && Countries.CodeOf(view.Text(value)) is { } code && codes.Contains(code);

    static string? Code(ValueTest test) => test.Whole is { } text ? Countries.CodeOf(text) : null;
}
