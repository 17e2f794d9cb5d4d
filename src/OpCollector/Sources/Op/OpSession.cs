using System.Diagnostics.CodeAnalysis;
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

    /// <summary>Counts every page that is read.</summary>
    public ReadCount ReadCount { get; init; } = new();

    public override async Task<OpGeneration> SignedInAsync(CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await EnsureSignedInAsync(ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override Task<OpPage> ListAsync(OpQuery query, CancellationToken ct) => ListUpToAsync(OpProcess.MostListed, query, ct);

    /// <summary>Lists a page of the log that may be so many bytes.</summary>
    /// <exception cref="Failure">What op said, and what to do about it.</exception>
    public async Task<OpPage> ListUpToAsync(int mostBytes, OpQuery query, CancellationToken ct)
    {
        var page = await AskAsync(new ListEvents(query, mostBytes), ct);
        ReadCount.Add(page.Events.Count, page.Events.Count > 0 ? page.Events[0].Time : null);
        return page;
    }

    public override async Task<IReadOnlyList<ListedEntity>> ListNamesAsync(NameQuery query, CancellationToken ct)
    {
        var items = await AskAsync(new ListNames(query), ct);
        return query is NamesInGroup ? NameListJson.ReadMembers(items) : NameListJson.ReadNames(items);
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

    async Task<T> AskAsync<T>(OpCall<T> call, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            return await AskInTurnAsync(call, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes a call while no other one uses the session, and once more with a new session where that one has ended.</summary>
    async Task<T> AskInTurnAsync<T>(OpCall<T> call, CancellationToken ct)
    {
        for (var renewed = false; ; renewed = true)
        {
            var generation = await EnsureSignedInAsync(ct);
            var result = await CallAsync(call, generation, ct);
            if (!result.Succeeded(out _, out var first) && first.Kind == OpFailureKind.NotSignedIn)
            {
                // Another op may have been rewriting the file of the session at this very moment.
                result = await CallAsync(call, generation, ct);
            }

            if (result.Succeeded(out var value, out var failure))
            {
                _proven = true;
                return value;
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
                throw failure.ToFailure(call.Command);
            }

            log.Information("The session ended ({Reason:l}); signing in again", failure.Text);
            _token = null;
        }
    }

    async Task<Result<T, OpFailure>> CallAsync<T>(OpCall<T> call, OpGeneration generation, CancellationToken ct)
    {
        var (arguments, mostCalls) = (call.Arguments(generation), calls.MostCalls);
        return await _retry.CallAsync(
            async retried =>
            {
                var result = call.Read(await _process!.RunAsync(arguments, Environment(), retried, call.MostBytes));
                if (!result.Succeeded(out _, out var failure) && failure.Kind == OpFailureKind.Throttled)
                {
                    calls.Halve(mostCalls);
                }

                return result;
            },
            ct);
    }

    async Task<OpGeneration> EnsureSignedInAsync(CancellationToken ct)
    {
        if (_generation is not null && _token is not null)
        {
            return _generation;
        }

        _process ??= new OpProcess(OpExecutable.Find(settings.Path, environment["PATH"]), settings.Timeout, time);
        (_generation, _token) = await signIn.SignInAsync(_process, _generation, Environment(), ct);
        _proven = false;
        return _generation;
    }

    EnvironmentVariables Environment() => OpEnvironment.Build(environment, settings.Account, _token);
}
