using OpCollector.Configuration;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using OpCollector.Storage;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>Several sessions of op: who waits for one gets one.</summary>
public sealed class OpCrewSpecs : IDisposable
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    readonly Sandbox _host = new();
    readonly AllowedCalls _calls = new(3, Logger.None);

    public void Dispose() => _host.Dispose();

    string Sessions => Path.Combine(_host.Root, "sessions");

    [Fact]
    public async Task Calls_that_wait_when_the_others_sign_out_get_the_first_session_though_fewer_calls_are_allowed()
    {
        _host.Account.Log(3);
        var ct = TestContext.Current.CancellationToken;
        await using var crew = Crew();
        // Each session lists until its gate opens.
        var first = crew.ListInParallelAsync(OpQuery.Newest, ct);
        await Until.IsAsync(() => Listing == 1, "the first session lists");
        Task[] others = [crew.ListInParallelAsync(OpQuery.Newest, ct), crew.ListInParallelAsync(OpQuery.Newest, ct)];
        await Until.IsAsync(() => Listing == 3, "all sessions list");
        _calls.Halve(_calls.MostCalls);
        Task[] waiting =
        [
            crew.ListNamesAsync(new NamesOfKind(NameKind.User), ct),
            crew.ListNamesAsync(new NamesOfKind(NameKind.Group), ct),
        ];

        var dismissal = crew.StopParallelCallsAsync();
        OpenGate(_host.Temporary);
        await first;
        await Task.WhenAny(waiting).WaitAsync(Long, ct);
        OpenGate(Path.Combine(Sessions, "1"));
        OpenGate(Path.Combine(Sessions, "2"));
        await Task.WhenAll(others);

        await Task.WhenAll(waiting).WaitAsync(Long, ct);
        await dismissal.WaitAsync(Long, ct);
    }

    int Listing => File.Exists(Path.Combine(_host.Home, "listing")) ? File.ReadAllLines(Path.Combine(_host.Home, "listing")).Length : 0;

    static void OpenGate(string temporary) => File.WriteAllText(Path.Combine(temporary, "gate"), "");

    OpCrew Crew()
    {
        var path = _host.WithOp("""
            if [ "$1 $2" = "list events" ]; then
              echo "$TMPDIR" >> "$HOME/listing"
              while [ ! -e "$TMPDIR/gate" ]; do sleep 0.02; done
            fi
            """);
        var environment = new EnvironmentVariables(new Dictionary<string, string>(_host.Environment)
        {
            ["HOME"] = _host.Home,
            ["TMPDIR"] = _host.Temporary,
        });
        var place = new ConfigurationMember(
            new ConfigurationPlace("opcollector.json", 1, 1),
            "source.op.password",
            "password",
            System.Text.Json.JsonTokenType.String,
            "x",
            owner: null);
        var settings = new OpSettings(path, "acme", new EnvironmentSecret(place, "OP_PASSWORD", environment), TotpSecret: null, Long);
        var state = new StateDirectory(_host.State(""));
        state.Ensure();
        var memory = OpMemory.Create(state, RefusalPolicy.Pause);
        var sessions = new OpSessions(settings, memory, environment, _calls, TimeProvider.System, Logger.None);
        return new OpCrew(sessions.First(), sessions, _calls, Sessions, Logger.None);
    }
}
