using System.Text.RegularExpressions;

namespace OpCollector.Detection;

/// <summary>
/// Knows what mail programs write for a person, which no event holds: <c>Name &lt;address&gt;</c> and <c>mailto:address</c>.
/// </summary>
internal static partial class Mailboxes
{
    /// <summary>The address in such a text; null where it is something else.</summary>
    public static string? AddressIn(string text) => Mailbox().Match(text) is { Success: true } match ? match.Groups["address"].Value : null;

    [GeneratedRegex(
        @"^(mailto:(?<address>[^\s?]+@[^\s?]+).*|[^<>]*<\s*(?<address>[^\s<>]+@[^\s<>]+)\s*>)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mailbox();
}
