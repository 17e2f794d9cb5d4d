using OpCollector.Configuration;
using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>What is looked for in the events: <c>detection</c>.</summary>
/// <param name="IsDelivered">Whether findings are delivered behind the events that caused them.</param>
/// <param name="Rules">Files and directories with rules of one's own, beside the built-in ones.</param>
/// <param name="Disabled">Ids or names of rules, with their place, because only the rules can say whether they
/// exist.</param>
/// <param name="Lists">The watch lists by name, as they are written.</param>
internal sealed record DetectionSettings(
    bool IsDelivered,
    RuleLevel Level,
    IReadOnlyList<string> Rules,
    IReadOnlyList<ConfigurationMember> Disabled,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Lists,
    IReadOnlyList<WorkingHoursSettings> WorkingHours)
{
    /// <summary>What an entry of a watch list begins with that means the members of a group.</summary>
    public const string MembersOf = "group:";

    const string ThreatAddresses = "threat_addresses";
    const string OwnDomains = "own_domains";
    const string RiskyCountries = "risky_countries";
    const string DefaultClients = "usual_clients";
    const string Admins = "admins";

    // These hold groups and vaults themselves: a user among them never matches.
    static readonly string[] WithoutUsers = ["privileged_groups", "privileged_vaults"];

    const string ExpectedCountries = "expected_countries";
    const string ExpectedNetworks = "expected_networks";

    static readonly string[] WithoutAnybody =
        [ThreatAddresses, OwnDomains, RiskyCountries, "sensitive_items", DefaultClients, ExpectedCountries, ExpectedNetworks];

    public static readonly DetectionSettings Default = new(
        IsDelivered: true, RuleLevel.Medium, [], [], new Dictionary<string, IReadOnlyList<string>>(), []);

    /// <summary>The place of each watch list in the configuration.</summary>
    public IReadOnlyList<ConfigurationMember> ListPlaces { get; init; } = [];

    /// <summary>The groups that watch lists follow, by name or uuid.</summary>
    public IReadOnlyList<string> Groups => [.. Lists.Values.SelectMany(entries => entries).Select(GroupIn).OfType<string>().Distinct()];

    /// <summary>The group whose members an entry of a watch list means; null where it means itself.</summary>
    public static string? GroupIn(string entry) =>
        entry.StartsWith(MembersOf, StringComparison.OrdinalIgnoreCase) ? entry[MembersOf.Length..].Trim() : null;

    public static DetectionSettings Read(ConfigurationMember detection, GroupMembers members)
    {
        detection.AsObject();
        var settings = new DetectionSettings(
            detection.Find("deliver")?.AsOneOf("inline", "off") != "off",
            detection.Find("level") is { } level
                ? Enum.Parse<RuleLevel>(level.AsOneOf("informational", "low", "medium", "high", "critical"), ignoreCase: true)
                : Default.Level,
            [.. Items(detection.Find("rules")).Select(rule => rule.AsPath())],
            detection.Find("disabled")?.AsTexts() ?? [],
            detection.Find("lists")?.AsObject().Members.Values.ToDictionary(list => list.Name, list => Entries(list, members))
                ?? Default.Lists,
            [.. Items(detection.Find("workingHours")).Select(WorkingHoursSettings.Read)])
        {
            ListPlaces = detection.Find("lists") is { } lists ? [.. lists.Members.Values] : [],
        };
        detection.RefuseOthers();
        return settings;
    }

    static IReadOnlyList<string> Entries(ConfigurationMember list, GroupMembers members) =>
        list.Name is [var first, ..] && char.IsAsciiLetter(first) && list.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? [.. Items(list).Select(entry => Entry(list.Name, entry, members))]
            : throw list.Wrong("is not the name of a list: letters, digits, - and _ only");

    static string Entry(string list, ConfigurationMember entry, GroupMembers members)
    {
        var text = entry.AsText().Trim();
        return (text, GroupIn(text)) switch
        {
            ("", _) => throw entry.Wrong("must be a text in quotes, and not blank"),
            (_, null) => WhyNever(list, text) is { } why ? throw entry.Wrong(why) : text,
            (_, "") => throw entry.Wrong("names no group"),
            (_, var group) when WithoutUsers.Contains(list) =>
                throw entry.Wrong($"means the users in the group; write \"{group}\" for the group itself"),
            _ when WithoutAnybody.Contains(list) => throw entry.Wrong("means the users in a group, and this is not a list of users"),
            _ when members == GroupMembers.Unknown =>
                throw entry.Wrong(
                    "only op tells who is in a group, and the source is the Events API; list the people, best by uuid or e-mail address"),
            _ => text,
        };
    }

    /// <summary>Why no event could ever match an entry; null where one could.</summary>
    static string? WhyNever(string list, string text) => list switch
    {
        ThreatAddresses or ExpectedNetworks when Networks.Find(text) is null =>
            $"\"{text}\" is not a network such as 198.51.100.0/24 or 2001:db8::/32",
        OwnDomains when !DomainNames.IsOne(text) => $"\"{text}\" is not a domain such as acme.example",
        RiskyCountries or ExpectedCountries when Countries.CodeOf(text) is null =>
            $"\"{text}\" is not a known country; write its ISO code, such as RU, or its English name",
        DefaultClients when text.AsSpan().ContainsAny('*', '?') =>
            $"\"{text}\" is compared as it is written: write each client's whole name, such as \"1Password for Mac\"",
        _ when WithoutAnybody.Contains(list) || WithoutUsers.Contains(list) => null,
        _ when Mailboxes.AddressIn(text) is { } address => $"\"{text}\" is in no event; write the address alone: \"{address}\"",
        Admins when text.Contains('*', StringComparison.Ordinal) =>
            $"\"{text}\" is compared as it is written; list the people, best by uuid or e-mail address, or write group:NAME",
        _ => null,
    };

    // An empty list is one that is yet to be filled.
    static List<ConfigurationMember> Items(ConfigurationMember? list) =>
        list is null ? [] : list.IsList ? list.Items : throw list.Wrong("must be a list in brackets");
}

/// <summary>Whether a source can tell who is in a group.</summary>
internal enum GroupMembers
{
    Listed,
    Unknown,
}
