using OpCollector.Access;
using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Cli.Runs;

/// <summary>Reads who can reach what: from files or from the source, with the names and the lists that are known.</summary>
internal sealed class AccessInput(Host host)
{
    readonly AccessHistory _history = new();

    /// <exception cref="Failure">The files, or the source, cannot be read.</exception>
    public async Task<(AccessHistory History, ExitCode Code)> ReadAsync(AccessQuestion question)
    {
        var now = host.Time.GetUtcNow();
        return (_history, TimeParsing.Parse(question.Since, now) is { } since
            ? await ReadSourceAsync(since.Time, now, question.Name)
            : ReadFiles(question.Files));
    }

    ExitCode ReadFiles(IReadOnlyList<string> files)
    {
        var events = new EventFiles(stream: null, host.Log);
        foreach (var (bytes, marks) in events.Read(files))
        {
            _history.Read(bytes, marks.Stream, marks.Time, marks.Id);
        }

        events.Finish();
        _history.AddNames(new ConfiguredRules(host).Names);
        return events.Code;
    }

    Task<ExitCode> ReadSourceAsync(DateTimeOffset since, DateTimeOffset until, string? name)
    {
        var source = new SourceHistory(host, since, until)
        {
            Stream = host.Settings.Source.AccessStream,
        };
        return source.ReadAsync((each, stream) => _history.Read(each.Bytes, stream, each.Time, each.Id), async run =>
        {
            _history.AddNames(new ConfiguredRules(host).Names);
            if (name is not null)
            {
                var lists = new AccessLists(run.Source.Names, _history, host.Time, host.Log);
                await lists.ReadAsync(new EntitySearch(_history.Entities).Single(name), run.Limits.Stop);
            }
        });
    }
}
