using OpCollector.Detection;

namespace OpCollector.Cli.Printing;

/// <summary>
/// The rules as <c>rules list</c> prints them: a line for each that fits a screen of 80 columns, columns parted by TAB in a pipe, or JSON.
/// </summary>
internal sealed class RuleTable(InstalledRules rules)
{
    const int WideEnough = 120;
    const int TitleColumn = 60;

    readonly RuleStatus[] _rules =
    [
        .. rules.Statuses.OrderByDescending(each => each.Rule.Level).ThenBy(each => each.Rule.Name, StringComparer.Ordinal),
    ];

    public void Print(RuleListing listing)
    {
        RuleStatus[] shown = [.. _rules.Where(each => listing != RuleListing.Reporting || !each.IsPart)];
        if (listing == RuleListing.Json)
        {
            Screen.Print(JsonOutput.List(shown.Select(Object)));
        }
        else if (Screen.IsPipe)
        {
            PrintColumns(shown);
        }
        else
        {
            PrintTable(shown);
        }
    }

    void PrintTable(RuleStatus[] shown)
    {
        var name = Math.Max(4, shown.Select(each => each.Rule.Name.Length).DefaultIfEmpty().Max());
        var isWide = Screen.Width >= WideEnough;
        Screen.Print($"LEVEL          {"RULE".PadRight(name)}  STREAM     {(isWide ? "TITLE".PadRight(TitleColumn) : "")}ACTIVE");
        foreach (var each in shown)
        {
            var title = !isWide ? ""
                : each.Rule.Title.Length < TitleColumn ? each.Rule.Title.PadRight(TitleColumn)
                : $"{each.Rule.Title} ";
            var heading = $"{Level(each),-14} {each.Rule.Name.PadRight(name)}  {each.Rule.Stream ?? "any",-10} {title}";
            Screen.PrintRow(heading, Active(each), each.IsActive ? ConsoleColor.Green : ConsoleColor.Yellow);
        }

        var parts = _rules.Count(each => each.IsPart);
        var leftOut = _rules.Length - shown.Length;
        Screen.Print("");
        Screen.Print(
            $"{shown.Count(each => each.IsActive)} of {Quantity.Format(_rules.Length - parts, "rule")} active" +
            $"{(leftOut == 0 ? "" : $", and {Quantity.Format(leftOut, "part")} of correlations (--all)")}. " +
            $"{(isWide ? "" : "Titles: a window of 120 columns, or --output json. ")}Texts: docs/detections.md");
    }

    static void PrintColumns(RuleStatus[] shown)
    {
        Screen.PrintColumns("LEVEL", "RULE", "STREAM", "TITLE", "ACTIVE");
        foreach (var each in shown)
        {
            Screen.PrintColumns(Level(each), each.Rule.Name, each.Rule.Stream ?? "any", each.Rule.Title, Active(each));
        }
    }

    static string Level(RuleStatus rule) => rule.Rule.Level.ToString().ToLowerInvariant();

    static string Active(RuleStatus rule) => rule.WhyNot is { } why ? $"no: {why}"
        : rule.Without.Count == 0 ? "yes"
        : $"yes, without {string.Join(", ", rule.Without)}";

    static string Object(RuleStatus each) => JsonOutput.Object(
        ("name", JsonOutput.Quoted(each.Rule.Name)),
        ("id", JsonOutput.Quoted(each.Rule.Id)),
        ("title", JsonOutput.Quoted(each.Rule.Title)),
        ("level", JsonOutput.Quoted(Level(each))),
        ("stream", JsonOutput.Quoted(each.Rule.Stream)),
        ("active", JsonOutput.Flag(each.IsActive)),
        ("reason", JsonOutput.Quoted(each.WhyNot)),
        ("without", JsonOutput.List(each.Without.Select(JsonOutput.Quoted))));
}

/// <summary>Which rules are listed, and for whom.</summary>
internal enum RuleListing
{
    /// <summary>Without those that are only parts of others.</summary>
    Reporting,
    WithParts,

    /// <summary>All of them on one line, for a program.</summary>
    Json,
}
