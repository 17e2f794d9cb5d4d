using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;
using OpCollector.Storage;

namespace OpCollector.Cli;

/// <summary>Opens the source of the configuration for a run.</summary>
internal static class RunSource
{
    /// <param name="read">What is told of each page.</param>
    /// <param name="state">Where it keeps what it must know in later runs.</param>
    /// <param name="walk">Where an unfinished walk through op's log is kept.</param>
    public static Source Open(Host host, RunKind kind, ReadSoFar read, StateStore state, string walk) =>
        host.Settings.Source is OpSettings op
            ? OpenOp(host, op, kind, read, state, walk)
            : OpenEventsApi(host, (EventsApiSettings)host.Settings.Source, kind, read, state);

    static EventsApiSource OpenEventsApi(Host host, EventsApiSettings settings, RunKind kind, ReadSoFar read, StateStore state)
    {
        async Task<string> TokenAsync(CancellationToken ct) =>
            settings.Token.Secret?.Reveal()
            ?? await OpRead.ReadAsync(settings.Token.Place, settings.Token.Reference!, Host.Variables, host.Time, ct);
        return new EventsApiSource(
            settings,
            host.Settings.Start,
            TokenAsync,
            new EventsApiMemory(state),
            state,
            kind.Parallel,
            kind.ObeysPause,
            host.Time,
            host.Log)
        { ReadSoFar = read };
    }

    static OpSource OpenOp(Host host, OpSettings settings, RunKind kind, ReadSoFar read, StateStore state, string walk)
    {
        var memory = new OpMemory(state);
        var calls = new AllowedCalls(kind.Parallel, host.Log);
        OpSession Session(IReadOnlyDictionary<string, string> environment, bool isOneOfMany) => new(
            settings,
            new OpSignIn(settings, memory, kind.ObeysPause, host.Time, host.Log) { IsOneOfMany = isOneOfMany },
            environment,
            calls,
            host.Time,
            host.Log)
        { ReadSoFar = read };
        OpSession Hire(string temporary) =>
            Session(new Dictionary<string, string>(Host.Variables) { ["TMPDIR"] = temporary }, isOneOfMany: true);
        var first = Session(Host.Variables, isOneOfMany: false);
        var sessions = Path.ChangeExtension(walk, "sessions");
        // What a crew that was killed has left there, only a crew takes away.
        Op op = kind.Parallel == 1 && !Directory.Exists(sessions) ? first : new OpCrew(first, Hire, calls, sessions, host.Log);
        return new OpSource(op, settings.Fingerprint, walk, host.Time, host.Log);
    }
}
