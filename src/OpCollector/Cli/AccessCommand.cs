using System.CommandLine;
using OpCollector.Access;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Printing;
using OpCollector.Cli.Runs;

namespace OpCollector.Cli;

/// <summary><c>opcollector access</c>: who can reach a vault, is in a group, or what a person reaches; since when, by whose hand.</summary>
internal static class AccessCommand
{
    public static Command Create(SharedOptions shared)
    {
        var name = new Argument<string?>("name")
        {
            Description = "A vault, a group or a person: a name, an e-mail address or a uuid, vault:, group: or user: in front where several " +
                "have it. Without it: every vault and group",
            HelpName = "name",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var files = new Argument<string[]>("file")
        {
            Description = "Files with events, one on each line or a page; - or nothing means stdin",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var since = Moment("--since", "Read the events from this time on from the source instead: 2026-11-01, or 90d for 90 days ago");
        var at = Moment("--at", "How it was at this time, or at the end of this day. Without it: where the events end");
        var output = JsonOutput.Option();
        name.Validators.Add(EmptyPath.Refuse);
        Completions.Add(name, parsed => new ConfiguredRules(shared.Host(parsed)).Names.All
            .SelectMany(each => new[] { each.Entity.Name, each.Entity.Email })
            .OfType<string>());
        files.Validators.Add(EmptyPath.Refuse);
        var command = new Command(
            "access",
            "Show who can reach a vault, a group or what a person can: since when, by whose hand") { name, files, since, at, output };
        command.SetAction(async (parsed, _) => (int)await ShowAsync(
            shared.HostWithoutSink(parsed),
            AccessQuestion.Parse(parsed.GetValue(name), parsed.GetValue(files) ?? [], parsed.GetValue(since), parsed.GetValue(at)),
            JsonOutput.Chosen(parsed, output)));
        return command;
    }

    static async Task<ExitCode> ShowAsync(Host host, AccessQuestion question, OutputFormat format)
    {
        var input = new AccessInput(host);
        var (history, code) = await input.ReadAsync(question);
        if (history.Begins is not { } begins)
        {
            throw new Failure(
                ExitCode.SourceData, "There is no audit event in what was read, so nothing is known of who can reach what");
        }

        var now = host.Time.GetUtcNow();
        // What is still to come was written by a clock that was wrong.
        var time = TimeParsing.EndOf(question.At, now)?.Time ?? history.Ends.UnlessToCome(now) ?? now;
        Warn(host, history, begins, time);
        var entity = question.Name is null ? null : new EntitySearch(history.Entities).Single(question.Name);
        var state = history.AsOf(time);
        if (format == OutputFormat.Json)
        {
            Screen.Print(new AccessJson(history, state).Write(entity));
        }
        else if (Screen.IsPipe)
        {
            new AccessColumns(history, state).Print(entity);
        }
        else
        {
            new AccessText(history, state).Print(entity);
        }

        return code;
    }

    static void Warn(Host host, AccessHistory history, DateTimeOffset begins, DateTimeOffset time)
    {
        if (time < begins)
        {
            host.Log.Warning(
                "The events that were read begin at {Begins:u}, after the time that is asked for: what was there then is known only where a " +
                    "later event tells it",
                begins);
        }

        foreach (var gap in history.Gaps)
        {
            host.Log.Warning("{Gap:l}", gap);
        }
    }

    static Option<string?> Moment(string option, string description) =>
        new(option) { Description = description, HelpName = "time", CustomParser = argument => TimeParsing.Parse(argument) };
}
