using OpCollector.Cli.Hosting;
using OpCollector.Cli.Printing;

namespace OpCollector.Cli.Runs;

/// <summary>
/// What <c>check</c> says of the rules: how many are active, and which ones lack a list, wholly or in part. What is off by choice is not
/// mentioned.
/// </summary>
internal static class DetectionCheck
{
    /// <exception cref="Failure">
    /// A watch list is not used by any rule, or an entry of one was not found although all names are known (78); or a rule of one's own is
    /// likely to be a mistake.
    /// </exception>
    public static CheckResult Run(ConfiguredRules configured)
    {
        var (rules, drop) = (configured.Load(), configured.Dropping());
        string[] warnings = [.. rules.Warnings, .. drop?.Warnings ?? []];
        if (warnings.Length > 0 && configured.KnowsNames)
        {
            throw new Failure(ExitCode.Configuration, string.Join("; ", warnings));
        }

        if (rules.UnusedLists.Count > 0)
        {
            throw new Failure(ExitCode.Configuration, string.Join("; ", rules.UnusedLists));
        }

        var lacking = rules.Statuses.Where(status => status.Lacks).ToArray();
        string[] more =
        [
            .. lacking.GroupBy(status => status.WhyNot!).Select(group => $"{group.Key}: {Names(group.Select(each => each.Rule.Name))}"),
            .. rules.Statuses
                .Where(status => status is { IsActive: true, Without.Count: > 0 })
                .GroupBy(status => $"active without {string.Join(", ", status.Without.Order(StringComparer.Ordinal))}")
                .Select(group => $"{group.Key}: {Names(group.Select(each => each.Rule.Name))}"),
            .. drop?.Lacking
                .GroupBy(each => $"detection.lists.{each.List}{configured.Watchlists.WhyEmpty(each.List)}")
                .Select(group => $"{group.Key}: sink.drop keeps nothing back by {Names(group.Select(each => each.Rule))}") ?? [],
            .. warnings,
        ];
        var dropping = drop is not null ? $", and sink.drop keeps back what {Matching(drop.Count)}" : "";
        var active = rules.Statuses.Count(status => status.IsActive);
        return new CheckResult(
            $"{active} rules are active{(lacking.Length == 0 ? "" : $", {lacking.Length} wait for a list")}{dropping}{configured.Delivery}",
            IsPartial: more.Length > 0,
            more);
    }

    static string Matching(int count) => count == 1 ? "1 rule matches" : $"{count} rules match";

    static string Names(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
