using OpCollector.Cli.Hosting;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;

namespace OpCollector.Cli.Runs;

/// <summary>Opens the source of the configuration for a run.</summary>
internal static class RunSource
{
    /// <param name="read">Counts every page that is read.</param>
    public static Source Open(RunKind kind, ReadCount read) => kind.Host.Settings.Source switch
    {
        OpSettings op => OpenOp(op, kind, read),
        EventsApiSettings api => OpenEventsApi(api, kind, read),
        var other => throw new InvalidOperationException($"No source is made of {other.GetType().Name}"),
    };

    static EventsApiSource OpenEventsApi(EventsApiSettings settings, RunKind kind, ReadCount read)
    {
        var host = kind.Host;
        TokenReader token = settings.Token.Secret is { } secret
            ? new SecretTokenReader(secret)
            : new OpTokenReader(settings.Token.Place, settings.Token.Reference!, Host.Variables, host.Time);
        return new EventsApiSource(
            settings,
            host.Settings.Start,
            token,
            EventsApiMemory.Create(kind.State, kind.Scope.Refusals),
            kind.State,
            kind.Scope.MostCalls,
            host.Time,
            host.Log)
        { ReadCount = read };
    }

    static OpSource OpenOp(OpSettings settings, RunKind kind, ReadCount read)
    {
        var host = kind.Host;
        var calls = new AllowedCalls(kind.Scope.MostCalls, host.Log);
        var memory = OpMemory.Create(kind.State, kind.Scope.Refusals);
        var sessions = new OpSessions(settings, memory, Host.Variables, calls, host.Time, host.Log) { ReadCount = read };
        var first = sessions.First();
        var directory = Path.ChangeExtension(kind.WalkPath, "sessions");
        // Only a crew removes the directories that a killed crew left.
        Op op = kind.Scope.MostCalls == 1 && !Directory.Exists(directory) ? first : new OpCrew(first, sessions, calls, directory, host.Log);
        var walk = new OpWalk(op, settings.Fingerprint, kind.WalkPath, host.Log);
        return new OpSource(op, walk, settings.Fingerprint, host.Time, host.Log);
    }
}
