using System.Text.RegularExpressions;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>
/// Puts the entries of watch lists in the place of <c>%name%</c>, and remembers which lists a rule asks for and which have to hold uuids.
/// </summary>
internal sealed partial class Placeholders(RuleLists lists)
{
    /// <summary>The entries of the lists that were asked for since <see cref="Begin"/>.</summary>
    public Dictionary<string, IReadOnlyList<string>> Lists { get; private set; } = [];

    /// <summary>
    /// What the name of a list begins with that a rule can do without: whom or what it would leave in peace, and nobody is a stranger
    /// because of it.
    /// </summary>
    const string Optional = "expected_";

    public HashSet<string> ComparedWithUuids { get; } = [];

    /// <summary>Every list that was asked for.</summary>
    public HashSet<string> Asked { get; } = [];

    /// <summary>Whether a value asks for lists that it can do without, and for no others.</summary>
    public static bool IsOptional(string value) =>
        Placeholder().Matches(value) is { Count: > 0 } all
            && all.All(each => CanDoWithout(each.Groups["name"].Value));

    /// <summary>Whether a rule works without a list of that name.</summary>
    public static bool CanDoWithout(string list) => list.StartsWith(Optional, StringComparison.Ordinal);

    /// <summary>Before the next rule.</summary>
    public void Begin() => Lists = [];

    /// <summary>The value once for each entry.</summary>
    /// <param name="escape">How an entry is written so that it means itself.</param>
    /// <exception cref="InvalidRuleException">There is no placeholder in it, or no such list.</exception>
    public IEnumerable<string> Expand(string value, string field, Func<string, string> escape)
    {
        var match = Placeholder().Match(value);
        if (!match.Success)
        {
            throw new InvalidRuleException($"expand without a placeholder such as %admins% in \"{value}\"");
        }

        var name = match.Groups["name"].Value;
        Asked.Add(name);
        var entries = lists.Find(name)
            ?? throw new InvalidRuleException($"there is no list {name} for %{name}%; write one in detection.lists");
        Lists[name] = entries;
        if (field.EndsWith("uuid", StringComparison.OrdinalIgnoreCase))
        {
            ComparedWithUuids.Add(name);
        }

        var rest = value[(match.Index + match.Length)..];
        string[] rests = Placeholder().IsMatch(rest) ? [.. Expand(rest, field, escape)] : [Unescaped(rest)];
        var before = Unescaped(value[..match.Index]);
        return entries.Select(entry => before.EndsWith('@') ? DomainNames.Parse(entry) : entry)
            .SelectMany(_ => rests, (entry, end) => before + escape(entry) + end);
    }

    // A percent sign that means itself has a backslash before it.
    static string Unescaped(string text) => text.Replace("\\%", "%", StringComparison.Ordinal);

    [GeneratedRegex(@"(?<!\\)%(?<name>[A-Za-z_][A-Za-z0-9_-]*)%", RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}
