using System.CommandLine;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Printing;
using OpCollector.Detection;

namespace OpCollector.Cli;

/// <summary><c>opcollector rules</c>: which rules there are and which of them report, and whether rules of one's own are right.</summary>
internal static class RulesCommand
{
    // Of a list of addresses the first ones are enough to know it by.
    const int MostEntries = 20;

    public static Command Create(SharedOptions shared)
    {
        var path = new Argument<string>("path") { Description = "A file of rules, or a directory" };
        path.Validators.Add(EmptyPath.Refuse);
        var all = new Option<bool>("--all") { Description = "Also the rules that are only parts of others" };
        var output = JsonOutput.Option();
        var list = new Command("list", "Print every rule: level, stream, and whether it is active or why not") { all, output };
        var check = new Command("check", "Read rules, and try the expectations beside them (name.expect.yml)") { path };
        list.SetAction((parsed, _) => Task.FromResult((int)List(
            shared.Host(parsed),
            JsonOutput.Chosen(parsed, output) == OutputFormat.Json ? RuleListing.Json
                : parsed.GetValue(all) ? RuleListing.WithParts
                : RuleListing.Reporting)));
        var name = new Argument<string>("name") { Description = "The name of a rule, or its id", HelpName = "name" };
        Completions.Add(name, parsed => new ConfiguredRules(shared.Host(parsed)).Load().Statuses.Select(status => status.Rule.Name));
        var show = new Command("show", "Print what a rule looks for, what it needs, and what it may be wrong about") { name };
        show.SetAction((parsed, _) => Task.FromResult((int)Show(shared.Host(parsed), parsed.GetValue(name)!)));
        check.SetAction((parsed, _) => Task.FromResult((int)Check(shared.Host(parsed), parsed.GetValue(path)!)));
        return new Command("rules", "Show and check the rules that detect and collect work by") { list, show, check };
    }

    static ExitCode List(Host host, RuleListing listing)
    {
        var rules = new ConfiguredRules(host).Load();
        new RuleTable(rules).Print(listing);
        foreach (var warning in rules.Warnings.Concat(rules.LeftOut is { } leftOut ? [leftOut] : []))
        {
            host.Log.Warning("{Warning:l}", warning);
        }

        return ExitCode.Done;
    }

    static ExitCode Show(Host host, string name)
    {
        var rules = new ConfiguredRules(host).Load();
        var status = rules.Statuses.FirstOrDefault(each => each.Rule.IsCalled(name))
            ?? throw new Failure(ExitCode.Usage, $"there is no rule \"{ForeignText.Clean(name)}\"; opcollector rules list shows them");
        var rule = status.Rule;
        var active = status.WhyNot is { } why ? $"no: {why}"
            : status.Without.Count == 0 ? "yes"
            : $"yes, without {string.Join(", ", status.Without)}";
        foreach (var (what, text) in new[]
        {
            (rule.Name, rule.Title),
            ("looks for", rule.Description),
            ("level", rule.Level.ToString().ToLowerInvariant()),
            ("stream", rule.Stream ?? "any"),
            ("active", active),
            ("lists", string.Join("; ", rules.ListsOf(rule).Select(list => $"{list.Key}: {Entries(list.Value)}"))),
            ("wrong about", string.Join("; ", rule.FalsePositives)),
            ("ATT&CK", string.Join(", ", rule.Tags)),
            ("more in", rule.Reference ?? ""),
            ("id", rule.Id),
            ("file", rule.File),
        }.Where(each => each.Item2.Length > 0))
        {
            Screen.Print($"{what,-12} {text}");
        }

        return ExitCode.Done;
    }

    static string Entries(IReadOnlyList<string> entries) => entries switch
    {
        [] => "empty",
        { Count: > MostEntries } => $"{string.Join(", ", entries.Take(MostEntries).Select(Clean))} and {entries.Count - MostEntries} more",
        _ => string.Join(", ", entries.Select(Clean)),
    };

    static string Clean(string entry) => ForeignText.Clean(entry).ToString();

    static ExitCode Check(Host host, string path)
    {
        var results = Expectations.Run(RuleFiles.Read(Path.GetFullPath(path)), host.IsConfigured ? host.Settings.Detection.Lists.Keys : []);
        foreach (var (file, rules, cases) in results.Files)
        {
            Screen.Print(
                $"✓ {file}: {Quantity.Format(rules, "rule")}, {(cases == 0 ? "no expectations beside it" : Quantity.Format(cases, "expectation"))}");
        }

        foreach (var warning in results.Warnings)
        {
            Screen.Print($"! {warning}");
        }

        foreach (var unmet in results.Unmet)
        {
            Screen.Print($"✗ {unmet}");
        }

        return results.Unmet.Count == 0
            ? ExitCode.Done
            : throw new Failure(ExitCode.Configuration, $"{Quantity.Format(results.Unmet.Count, "expectation")} not met");
    }
}
