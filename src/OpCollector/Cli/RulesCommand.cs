using System.CommandLine;
using OpCollector.Detection;
using Spectre.Console;

namespace OpCollector.Cli;

/// <summary><c>opcollector rules</c>: which rules there are and which of them report, and whether rules of one's own are right.</summary>
internal static class RulesCommand
{
    public static Command Create(Func<ParseResult, Host> host)
    {
        var path = new Argument<string>("path") { Description = "A file of rules, or a directory" };
        path.Validators.Add(EmptyPath.Refuse);
        var list = new Command("list", "Print every rule: level, stream, and whether it is active or why not");
        var check = new Command("check", "Read rules, and try the expectations beside them (name.expect.yml)") { path };
        list.SetAction((parsed, _) => Task.FromResult((int)List(host(parsed))));
        check.SetAction((parsed, _) => Task.FromResult((int)Check(host(parsed), parsed.GetValue(path)!)));
        return new Command("rules", "Show and check the rules that detect and collect work by") { list, check };
    }

    static ExitCode List(Host host)
    {
        var book = new ConfiguredRules(host).Load();
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = false };
        table.AddColumns("rule", "level", "stream", "active", "title");
        foreach (var status in book.Statuses
            .OrderByDescending(each => each.Rule.Level)
            .ThenBy(each => each.Rule.Name, StringComparer.Ordinal))
        {
            table.AddRow(
                Screen.Cell(status.Rule.Name),
                status.Rule.Level.ToString().ToLowerInvariant(),
                status.Rule.Stream ?? "any",
                status.WhyNot is { } why ? $"[yellow]no:[/] {Screen.Cell(why)}"
                : status.Without.Count == 0 ? "[green]yes[/]"
                : $"[green]yes[/], without {Screen.Cell(string.Join(", ", status.Without))}",
                Screen.Cell(status.Rule.Title));
        }

        Screen.Open().Write(table);
        if (book.LeftOut is { } leftOut)
        {
            Screen.Print(leftOut);
        }

        foreach (var warning in book.Warnings)
        {
            host.Log.Warning("{Warning:l}", warning);
        }

        return ExitCode.Done;
    }

    static ExitCode Check(Host host, string path)
    {
        var results = Expectations.Run(RuleFiles.At(Path.GetFullPath(path)), host.IsConfigured ? host.Settings.Detection.Lists.Keys : []);
        foreach (var (file, rules, cases) in results.Files)
        {
            Screen.Print(
                $"✓ {file}: {Counted(rules, "rule")}, {(cases == 0 ? "no expectations beside it" : Counted(cases, "expectation"))}");
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
            : throw new Failure(ExitCode.Configuration, $"{Counted(results.Unmet.Count, "expectation")} not met");
    }

    static string Counted(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
}
