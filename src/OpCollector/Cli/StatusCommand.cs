using System.CommandLine;
using System.Globalization;
using OpCollector.Reporting;

namespace OpCollector.Cli;

/// <summary><c>opcollector status</c>: how the last run went and where the collector stands, from the state directory alone.</summary>
internal static class StatusCommand
{
    public static Command Create(Func<ParseResult, Setup> setup)
    {
        var command = new Command("status", "Print the last run, the position and its age, and the quarantine");
        command.SetAction((parsed, _) => Task.FromResult((int)Print(setup(parsed))));
        return command;
    }

    static ExitCode Print(Setup setup)
    {
        var now = setup.Time.GetUtcNow();
        var last = LastRunFile.Read(setup.State.LastRun);
        Line("last run", last is null
            ? "none yet"
            : $"{last.Ended:u} ({Age(now - last.Ended)} ago), exit code {last.ExitCode}, {last.Delivered} events{(last.Findings == 0 ? "" : $" and {last.Findings} findings")}{(last.Message is null ? "" : $": {last.Message}")}");
        var quarantined = setup.Quarantine.Ids().Count;
        Line("quarantine", quarantined == 0 ? "empty" : $"{quarantined} items in {setup.State.Quarantine}");
        if (setup.State.UnfinishedBackfills is > 0 and var unfinished)
        {
            Line("backfill", $"{unfinished} unfinished; the same command goes on");
        }

        var checkpoint = setup.Checkpoints.Read();
        Line("position", checkpoint is null ? $"none yet; the first run begins at start ({setup.Settings.Start.Text})" : checkpoint.Position);
        Line("age", checkpoint?.LastEventTime is { } time ? $"the last event is {Age(now - time)} old" : "unknown");
        return ExitCode.Done;
    }

    static void Line(string what, string text) => Console.WriteLine($"{what,-12} {text}");

    static string Age(TimeSpan age) => age switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalMinutes:0} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
    };
}
