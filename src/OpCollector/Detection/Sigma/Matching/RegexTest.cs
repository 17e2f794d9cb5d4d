using System.Text.RegularExpressions;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>A regular expression, found anywhere in the value. It never goes back, so no event can make it slow.</summary>
internal sealed class RegexTest(string pattern, RegexOptions options) : ValueTest
{
    // One of a million characters takes gigabytes.
    const int Longest = 4096;

    readonly Regex _regex = Compile(pattern, options | RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    public override bool Matches(EventView view, in FieldValue value) => value.IsScalar && _regex.IsMatch(view.Text(value));

    // "InsufficientClosingParentheses".
    static string Describe(RegexParseError error) =>
        string.Concat(
            $"{error}".Select((c, at) => char.IsAsciiLetterUpper(c) ? $"{(at == 0 ? "" : " ")}{char.ToLowerInvariant(c)}" : $"{c}"));

    // .NET quotes the whole expression.
    static Regex Compile(string pattern, RegexOptions options)
    {
        if (pattern.Length > Longest)
        {
            throw new InvalidRuleException($"is a regular expression of {pattern.Length} characters, which is more than {Longest}");
        }

        try
        {
            return new Regex(pattern, options);
        }
        catch (RegexParseException ex)
        {
            throw new InvalidRuleException($"is not a regular expression: {Describe(ex.Error)} at character {ex.Offset}", ex);
        }
        catch (NotSupportedException ex)
        {
            throw new InvalidRuleException(
                "is a regular expression that looks ahead or behind, refers back, or is too large; that is not supported, because an " +
                    "event could make it slow",
                ex);
        }
        catch (ArgumentException ex)
        {
            throw new InvalidRuleException("is not a regular expression", ex);
        }
    }
}
