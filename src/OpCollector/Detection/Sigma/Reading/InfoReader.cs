using System.Text.RegularExpressions;
using OpCollector.Events;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>Reads what a rule says of itself.</summary>
internal static partial class InfoReader
{
    const int LongestTitle = 256;

    static readonly string[] States = ["stable", "test", "experimental", "deprecated", "unsupported"];

    public static RuleInfo Read(RuleText rule)
    {
        var root = rule.Root;
        var title = Title(rule);
        var (id, name) = (rule.Text(root, "id"), rule.Text(root, "name"));
        if (rule.Text(root, "status") is { } status && !States.Contains(status))
        {
            rule.Complain(rule.Find("status")!, $"status \"{status}\" is unknown; it is one of {string.Join(", ", States)}");
        }

        var isBuiltIn = rule.File.StartsWith(RuleInfo.BuiltIn, StringComparison.Ordinal);
        return new RuleInfo(
            id ?? name ?? title ?? "",
            name ?? id ?? title ?? "",
            title ?? "",
            Level(rule),
            Tags(rule),
            rule.Find("correlation") is null ? Stream(rule) : null,
            rule.File)
        {
            Description = rule.Text(root, "description") ?? "",
            FalsePositives = [.. rule.Texts(root, "falsepositives").Select(each => each.Value!)],
            Reference = isBuiltIn ? $"docs/detections.md#{name}" : rule.Texts(root, "references") is [var first, ..] ? first.Value : null,
        };
    }

    /// <summary>
    /// Whether a rule, or a filter, says that it is for the log of another product, or for a category of logs, of which we have none.
    /// </summary>
    public static bool IsForeign(RuleText rule) => rule.Find("logsource") is YamlMappingNode source
        && (RuleText.Find(source, "product") is { } product
            ? product is YamlScalarNode { Value: { Length: > 0 } name } && !IsOurs(name)
            : RuleText.Find(source, "category") is not null && RuleText.Find(source, "service") is null);

    static string? Title(RuleText rule)
    {
        var title = rule.Text(rule.Root, "title");
        if (title is null || title.Length > LongestTitle)
        {
            rule.Complain(
                rule.Find("title") ?? rule.Root, title is null ? "title is missing" : $"title is longer than {LongestTitle} characters");
        }

        return title;
    }

    static RuleLevel Level(RuleText rule)
    {
        var level = RuleLevel.Medium;
        if (rule.Text(rule.Root, "level") is { } text && !TryLevel(text, out level))
        {
            rule.Complain(rule.Find("level")!, $"level \"{text}\" is unknown; it is one of informational, low, medium, high, critical");
        }

        return level;
    }

    static string[] Tags(RuleText rule)
    {
        var tags = rule.Texts(rule.Root, "tags");
        foreach (var tag in tags.Where(tag => !Tag().IsMatch(tag.Value!)))
        {
            rule.Complain(tag, $"tag \"{tag.Value}\" is not a tag; tags look like attack.t1078");
        }

        return [.. tags.Select(tag => tag.Value!)];
    }

    static bool IsOurs(string product) => product.Equals("1password", StringComparison.OrdinalIgnoreCase);

    /// <summary>The stream of the log source; null for any.</summary>
    public static string? Stream(RuleText rule)
    {
        if (rule.Map(rule.Root, "logsource") is not { } source)
        {
            return null;
        }

        if (rule.Text(source, "product") is var product && (product is null || !IsOurs(product)))
        {
            rule.Complain(source, $"logsource.product must be 1password{(product is null ? "" : $", not {product}")}");
        }

        if (RuleText.Find(source, "category") is { } category)
        {
            rule.Complain(category, "1Password has no such logsource.category; name the stream as logsource.service");
        }

        if (rule.Text(source, "service") is { } service && !Streams.All.Contains(service))
        {
            rule.Complain(
                RuleText.Find(source, "service")!,
                $"logsource.service \"{service}\" is unknown; it is one of {string.Join(", ", Streams.All)}");
        }

        return rule.Text(source, "service");
    }

    public static bool TryLevel(string text, out RuleLevel level) =>
        Enum.TryParse(text, ignoreCase: true, out level) && Enum.IsDefined(level) && char.IsAsciiLetter(text[0]);

    [GeneratedRegex(@"^[a-z0-9_-]+\.[a-z0-9_.-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
