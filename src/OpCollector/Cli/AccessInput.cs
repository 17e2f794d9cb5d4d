using OpCollector.Access;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Cli;

/// <summary>Reads who can reach what: from files or from the source, with the names and the lists that are known.</summary>
internal sealed class AccessInput(Host host)
{
    readonly AccessHistory _history = new();

    /// <exception cref="Failure">The files, or the source, cannot be read.</exception>
    public async Task<(AccessHistory History, ExitCode Code)> ReadAsync(AccessQuestion question)
    {
        if (question.Since is not null)
        {
            return (_history, await ReadSourceAsync(Times.Of(question.Since, host.Time.GetUtcNow())!, question.Name));
        }

        var events = new EventFiles(stream: null, host.Log);
        foreach (var (bytes, marks) in events.Read(question.Files))
        {
            _history.Read(bytes, marks.Stream, marks.Time, marks.Id);
        }

        events.Finish();
        _history.Learn(new ConfiguredRules(host).Names);
        return (_history, events.Code);
    }

    async Task<ExitCode> ReadSourceAsync(AskedTime since, string? name)
    {
        await using var run = Run.Open(new DryKind(new LookKind(host)));
        var stream = host.Settings.Source is EventsApiSettings ? Streams.Audit : null;
        var range = new TimeRange(since, AskedTime.At(host.Time.GetUtcNow()), stream, key: "");
        var end = await run.ToEndAsync(async collector =>
        {
            if (await range.BeginAsync(host, run.Source, run.Limits.Stop) is not { } begun)
            {
                return;
            }

            await foreach (var page in collector.ReadAsync(begun))
            {
                foreach (var each in page.Events)
                {
                    _history.Read(each.Bytes, page.Stream, each.Time, each.Id);
                }
            }

            _history.Learn(new ConfiguredRules(host).Names);
            if (name is not null)
            {
                var lists = new AccessLists(run.Source.Names, _history, host.Time, host.Log);
                await lists.ReadAsync(new NamedThings(_history.Things).Only(name), run.Limits.Stop);
            }
        });
        return end.CodeOrThrow();
    }
}
