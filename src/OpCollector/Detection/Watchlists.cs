using OpCollector.Detection.Sigma;
using OpCollector.Events;

namespace OpCollector.Detection;

/// <summary>
/// The watch lists (<c>detection.lists</c>) with their entries turned into what events hold: uuids, next to the text as it was
/// written. An entry is a uuid, a name, an e-mail address, or <c>group:NAME</c> for the members of a group.
/// </summary>
/// <param name="written">The lists by name, as the configuration has them.</param>
/// <param name="things">Everybody and everything with a known name.</param>
internal sealed class Watchlists(
    IReadOnlyDictionary<string, IReadOnlyList<string>> written, IReadOnlyList<KnownName> things) : RuleLists
{
    const int UuidLength = 26;

    // The lists that built-in rules ask for. The first three hold nothing but users, groups and vaults.
    static readonly Dictionary<string, NameKind> Kinds = new()
    {
        ["admins"] = NameKind.User,
        ["privileged_groups"] = NameKind.Group,
        ["privileged_vaults"] = NameKind.Vault,
    };

    static readonly Dictionary<string, IReadOnlyList<string>> Defaults = new()
    {
        ["own_domains"] = [],
        ["sensitive_items"] = [],
        ["expected_countries"] = [],
        ["expected_networks"] = [],
        ["threat_addresses"] = [],
        ["risky_countries"] = ["AF", "BY", "CN", "CU", "IR", "KP", "LY", "NG", "RU", "SD", "SY", "YE"],
        ["usual_clients"] =
        [
            "1Password for Mac", "1Password for Windows", "1Password for Linux", "1Password for iOS", "1Password for Android",
            "1Password for Web",
            "1Password Browser Extension", "1Password Extension", "1Password CLI", "1Password SCIM Bridge", "1Password Connect",
            "1Password Connect Server", "1Password SDK",
        ],
    };

    /// <summary>
    /// Whether events say the e-mail addresses of people beside their uuids, so that an address works without the name book.
    /// </summary>
    public bool EventsSayAddresses { get; init; }

    /// <summary>The uuids of the members of groups, by the groups' uuids; without those that were never read.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Members { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    public static readonly Watchlists None = new(new Dictionary<string, IReadOnlyList<string>>(), []);

    /// <summary>
    /// What a list holds; nothing for a list of a built-in rule that is not configured; null for one that does not exist.
    /// </summary>
    public override IReadOnlyList<string>? Find(string name)
    {
        if (!written.TryGetValue(name, out var entries))
        {
            return Kinds.ContainsKey(name) ? [] : Defaults.GetValueOrDefault(name);
        }

        (string Entry, string[] Uuids)[] resolved = [.. entries.Select(entry => (entry, Resolve(name, entry)))];
        // Without one uuid among its entries, everybody would be a stranger.
        return Kinds.ContainsKey(name) && !resolved.Any(each => each.Uuids.Length > 0 || IsSaid(name, each.Entry))
            ? []
            : [.. resolved.SelectMany(each => each.Uuids.Append(each.Entry)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Why a list holds nothing, behind its name in a sentence.</summary>
    public string WhyEmpty(string name) => written.GetValueOrDefault(name) is not { Count: > 0 and var number } ? " is missing or empty"
        : things.Count == 0 && EventsSayAddresses
            ? $": {NoneOf(number)} known, because the Events API lists no names; write uuids, or add the names to enrichment.lists"
        : things.Count == 0 ? $": {NoneOf(number)} known yet; the first run reads the names"
        : $": {NoneOf(number)} found among the known names";

    /// <summary>
    /// One user's uuid, given a uuid, a name or an e-mail address, or the address itself where events say it; null where nobody is known by
    /// it, or more than one.
    /// </summary>
    public string? User(string entry) => Resolve("admins", entry) is [var only] ? only : IsSaid("admins", entry) ? entry : null;

    /// <summary>What is wrong with the entries of those lists that are compared with uuids.</summary>
    public IEnumerable<string> Warnings(IEnumerable<string> lists)
    {
        foreach (var name in lists.Where(written.ContainsKey).Order(StringComparer.Ordinal))
        {
            foreach (var entry in written[name])
            {
                var uuids = Resolve(name, entry);
                var groups = DetectionSettings.GroupIn(entry) is { } group ? Groups(group) : null;
                if (uuids.Length == 0 && !IsSaid(name, entry))
                {
                    yield return $"detection.lists.{name}: \"{entry}\" {WhyNobody(groups)}";
                }
                else if ((groups ?? uuids).Length is > 1 and var number)
                {
                    yield return $"detection.lists.{name}: \"{entry}\" is the name of {number}{(groups is null ? "" : " groups")}; all " +
                        "of them are meant, unless you write a uuid instead";
                }
            }
        }
    }

    string[] Resolve(string list, string entry)
    {
        if (DetectionSettings.GroupIn(entry) is { } group)
        {
            return [.. Groups(group).SelectMany(uuid => Members.GetValueOrDefault(uuid, [])).Distinct()];
        }

        return IsUuid(entry) ? [entry] : [.. Called(Kinds.TryGetValue(list, out var kind) ? kind : null, entry)];
    }

    bool IsSaid(string list, string entry) =>
        EventsSayAddresses
            && entry.Contains('@', StringComparison.Ordinal)
            && DetectionSettings.GroupIn(entry) is null
            && Kinds.GetValueOrDefault(list, NameKind.User) == NameKind.User;

    string[] Groups(string group) => IsUuid(group) ? [group] : [.. Called(NameKind.Group, group)];

    string WhyNobody(string[]? groups) => groups switch
    {
        null => $"is not found {Among}; use its uuid, or add its name to enrichment.lists",
        [] => $"is a group that is not found {Among}; use its uuid, or add its name to enrichment.lists",
        _ when !groups.Any(Members.ContainsKey) => "is a group whose members are not known yet",
        _ => "is a group without members",
    };

    static string NoneOf(int entries) => entries == 1 ? "its entry is not" : $"none of its {entries} entries is";

    string Among => things.Count == 0 ? "(no names are known yet)" : $"among the {things.Count} names that are known";

    IEnumerable<string> Called(NameKind? kind, string name) => things
        .Where(thing => (kind is null || thing.Kind is null || thing.Kind == kind)
            && (name.Equals(thing.Name, StringComparison.OrdinalIgnoreCase)
                || name.Equals(thing.Email, StringComparison.OrdinalIgnoreCase)))
        .Select(thing => thing.Uuid)
        .Distinct();

    static bool IsUuid(string text) =>
        text.Length == UuidLength
            && (text.All(c => c is (>= 'a' and <= 'z') or (>= '2' and <= '7'))
                || text.All(c => c is (>= 'A' and <= 'Z') or (>= '2' and <= '7')));
}
