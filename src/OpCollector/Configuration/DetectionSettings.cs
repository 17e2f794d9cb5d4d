namespace OpCollector.Configuration;

/// <summary>What is looked for in the events: <c>detection</c>.</summary>
/// <param name="IsDelivered">Whether findings are delivered behind the events that caused them.</param>
/// <param name="Rules">Files and directories with rules of one's own, beside the built-in ones.</param>
/// <param name="Disabled">Ids or names of rules, with the place where they stand, because only the rules can say whether they exist.</param>
/// <param name="Lists">The watch lists by name, as they are written.</param>
internal sealed record DetectionSettings(
    bool IsDelivered,
    RuleLevel Level,
    IReadOnlyList<string> Rules,
    IReadOnlyList<ConfigurationMember> Disabled,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Lists,
    IReadOnlyList<WorkingHoursSettings> WorkingHours)
{
    public static readonly DetectionSettings Usual = new(IsDelivered: true, RuleLevel.Medium, [], [], new Dictionary<string, IReadOnlyList<string>>(), []);

    public static DetectionSettings From(ConfigurationMember detection)
    {
        detection.AsObject();
        var settings = new DetectionSettings(
            detection.Find("deliver")?.AsOneOf("inline", "off") != "off",
            detection.Find("level") is { } level ? Enum.Parse<RuleLevel>(level.AsOneOf("informational", "low", "medium", "high", "critical"), ignoreCase: true) : Usual.Level,
            [.. Items(detection.Find("rules")).Select(rule => rule.AsPath())],
            Items(detection.Find("disabled")),
            detection.Find("lists")?.AsObject().Members.Values.ToDictionary(list => list.Name, Entries) ?? Usual.Lists,
            [.. Items(detection.Find("workingHours")).Select(WorkingHoursSettings.Read)]);
        detection.RefuseOthers();
        return settings;
    }

    static IReadOnlyList<string> Entries(ConfigurationMember list) => list.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && char.IsAsciiLetter(list.Name[0])
        ? [.. Items(list).Select(Entry)]
        : throw list.Wrong("is no name of a list: letters, digits, - and _ only");

    static string Entry(ConfigurationMember entry) => entry.AsText().StartsWith("group:", StringComparison.OrdinalIgnoreCase)
        ? throw entry.Wrong("the members of a group are not looked up by this version; list the people, best by uuid or e-mail address")
        : entry.AsText();

    // An empty list is one that is yet to be filled.
    static List<ConfigurationMember> Items(ConfigurationMember? list) => list is null ? [] : list.IsList ? list.Items : throw list.Wrong("must be a list in brackets");
}
