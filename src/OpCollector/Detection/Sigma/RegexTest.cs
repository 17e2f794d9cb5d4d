using System.Text.RegularExpressions;

namespace OpCollector.Detection.Sigma;

/// <summary>A regular expression, found anywhere in the value. It never goes back, so no event can make it slow.</summary>
internal sealed class RegexTest(string pattern, RegexOptions options) : ValueTest
{
    readonly Regex _regex = new(pattern, options | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public override bool Matches(EventView view, in FieldValue value) => value.IsScalar && _regex.IsMatch(view.Text(value));
}
