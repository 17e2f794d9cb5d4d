namespace OpCollector.Detection.Sigma;

/// <summary>
/// Reads the domain of e-mail addresses as people write it: <c>acme.example</c>, <c>@acme.example</c>, <c>*@acme.example</c>,
/// <c>*.acme.example</c>.
/// </summary>
internal static class DomainNames
{
    static readonly string[] Beginnings = ["*@", "@", "*.", "."];

    /// <summary>The domain itself; what is below it is another one.</summary>
    public static string Parse(string text)
    {
        var domain = text.Trim();
        return (Beginnings.FirstOrDefault(each => domain.StartsWith(each, StringComparison.Ordinal)) is { } beginning
            ? domain[beginning.Length..]
            : domain).TrimEnd('.');
    }

    /// <summary>Whether an address could ever end with it.</summary>
    public static bool IsOne(string text) =>
        Parse(text) is { Length: > 0 } domain
            && domain.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.')
            && !domain.Contains("..", StringComparison.Ordinal)
            && domain[0] != '.';
}
