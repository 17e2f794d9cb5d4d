using System.Diagnostics.CodeAnalysis;
using OpCollector.Events;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// One session of op: signs in before the first call, makes one call after the other, renews a session that died, waits where waiting
/// may help, signs out at the end. It knows what op's words mean for us, and nothing of events.
/// </summary>
/// <param name="calls">How many calls of op there are at once, in this session and in those beside it.</param>
internal sealed class OpSession(
    OpSettings settings,
    OpSignIn signIn,
    EnvironmentVariables environment,
    AllowedCalls calls,
    TimeProvider time,
    ILogger log) : Op
{
    static readonly TimeSpan PatienceForSignOut = TimeSpan.FromSeconds(5);

    // op rewrites the file of the session at each call: two at once fail at random.
    [SuppressMessage(
        "Usage",
        "CA2213",
        Justification = "It holds nothing until somebody asks for its handle, and who waits for it must not be left waiting.")]
    readonly SemaphoreSlim _turn = new(1);
    readonly OpRetry _retry = new(time, log);

    // Looked for at the first call: a run that ends before it needs no op.
    OpProcess? _process;
    OpGeneration? _generation;
    string? _token;
    bool _proven;

    /// <summary>What is told of each page.</summary>
    public ReadCount ReadCount { get; init; } = new();

    public override async Task<OpGeneration> SignedInAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await EnterAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override Task<OpPage> ListAsync(OpQuery query, CancellationToken ct) => ListUpToAsync(OpProcess.MostListed, query, ct);

    /// <summary>Lists a page of the log that may be so many bytes.</summary>
    /// <exception cref="Failure">What op said, and what to do about it.</exception>
    public async Task<OpPage> ListUpToAsync(int most, OpQuery query, CancellationToken ct)
    {
        var page = (await AskAsync("op list events", generation => generation.List(query), OpResult.ToList, most, ct)).Page!;
        ReadCount.Add(page.Events.Count, page.Events.Count > 0 ? page.Events[0].Time : null);
        return page;
    }

    public override async Task<ReadOnlyMemory<byte>> ListNamesAsync(NameKind kind, CancellationToken ct)
    {
        var command = $"op list {kind.ToString().ToLowerInvariant()}s";
        return (await AskAsync(command, generation => generation.List(kind), answer => OpResult.ToNames(
            answer, command), OpProcess.MostNamed, ct)).Names!.Value;
    }

    public override async Task<ReadOnlyMemory<byte>> ListMembersAsync(string group, CancellationToken ct)
    {
        const string Command = "op list users --group";
        return (await AskAsync(Command, generation => generation.ListMembers(group), answer => OpResult.ToNames(
            answer, Command), OpProcess.MostNamed, ct)).Names!.Value;
    }

    public override async Task<ReadOnlyMemory<byte>> ListOfAsync(NameKind shows, NameKind of, string uuid, CancellationToken ct)
    {
        var command = $"op list {shows.ToString().ToLowerInvariant()}s --{of.ToString().ToLowerInvariant()}";
        return (await AskAsync(command, generation => generation.ListOf(shows, of, uuid), answer => OpResult.ToNames(
            answer, command), OpProcess.MostNamed, ct)).Names!.Value;
    }

    /// <summary>Signs out, as well as it goes: a session that could not be ended dies of itself after 30 minutes.</summary>
    public override async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(PatienceForSignOut, time);
        try
        {
            // A call that is under way comes to its end first: it is on this session too.
            await _turn.WaitAsync(patience.Token);
            await SignOutAsync(patience.Token);
            _turn.Release();
        }
        catch (OperationCanceledException)
        {
            log.Debug("op signout did not end in time");
        }
    }

    async Task SignOutAsync(CancellationToken ct)
    {
        if (_process is null || _generation is null || _token is null)
        {
            return;
        }

        try
        {
            var answer = await _process.RunAsync(_generation.SignOut, Environment(), ct);
            log.Debug("Signed out of 1Password (exit code {ExitCode})", answer.ExitCode);
        }
        catch (Failure failure)
        {
            log.Debug("op signout did not end: {Reason:l}", failure.Message);
        }

        _token = null;
    }

    async Task<OpResult> AskAsync(
        string command, Func<OpGeneration, string[]> arguments, Func<OpAnswer, OpResult> read, int most, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await InTurnAsync(command, arguments, read, most, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes a call while no other one uses the session, and once more with a new session where that one has ended.</summary>
    async Task<OpResult> InTurnAsync(
        string command, Func<OpGeneration, string[]> arguments, Func<OpAnswer, OpResult> read, int most, CancellationToken ct)
    {
        for (var renewed = false; ; renewed = true)
        {
            var call = arguments(await EnterAsync(ct));
            var result = await CallAsync(call, read, most, ct);
            if (result.Failure?.Kind == OpFailureKind.NotSignedIn)
            {
                // Another op may have been rewriting the file of the session at this very moment.
                result = await CallAsync(call, read, most, ct);
            }

            if (result.Failure is not { } failure)
            {
                _proven = true;
                return result;
            }

            if (failure.Kind == OpFailureKind.NotSignedIn && !_proven)
            {
                throw new Failure(
                    ExitCode.Configuration,
                    $"op signed in, but its next call says \"{failure.Text}\": it could not keep the session; check that HOME and "
                        + "TMPDIR (op's directory com.agilebits.op in it) exist and belong to this user");
            }

            if (renewed || failure.Kind is not (OpFailureKind.SessionEnded or OpFailureKind.NotSignedIn))
            {
                throw failure.ToFailure(command);
            }

            log.Information("The session ended ({Reason:l}); signing in again", failure.Text);
            _token = null;
        }
    }

    async Task<OpResult> CallAsync(string[] call, Func<OpAnswer, OpResult> read, int most, CancellationToken ct)
    {
        var atOnce = calls.Most;
        return await _retry.CallAsync(
            async retried =>
            {
                var result = read(await _process!.RunAsync(call, Environment(), retried, most));
                if (result.Failure?.Kind == OpFailureKind.Throttled)
                {
                    calls.Halve(atOnce);
                }

                return result;
            },
            ct);
    }

    async Task<OpGeneration> EnterAsync(CancellationToken ct)
    {
        if (_generation is not null && _token is not null)
        {
            return _generation;
        }

        _process ??= new OpProcess(OpExecutable.Find(settings.Path, environment["PATH"]), settings.Timeout, time);
        (_generation, _token) = await signIn.EnterAsync(_process, _generation, Environment(), ct);
        _proven = false;
        return _generation;
    }

    EnvironmentVariables Environment() => OpEnvironment.Build(environment, settings.Account, _token);
}
