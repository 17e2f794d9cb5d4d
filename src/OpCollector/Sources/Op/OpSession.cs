using System.Diagnostics.CodeAnalysis;
using OpCollector.Events;
using Polly;
using Polly.Retry;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// A signed-in op: signs in before the first call, renews a session that died, waits where waiting may help, signs out at the
/// end. It knows what op's words mean for us, and nothing of events.
/// </summary>
internal sealed class OpSession : IAsyncDisposable
{
    const int MostRetries = 3;
    static readonly TimeSpan PatienceForSignOut = TimeSpan.FromSeconds(5);

    // op writes its configuration in place at each sign-in, and each one-time code is for one of them.
    static readonly SemaphoreSlim OneSignInAtATime = new(1);

    // op rewrites the file of the session at each call: two at once fail at random.
    [SuppressMessage("Usage", "CA2213", Justification = "It holds nothing until somebody asks for its handle, and who waits for it must not be left waiting.")]
    readonly SemaphoreSlim _turn = new(1);
    readonly OpSettings _settings;
    readonly OpMemory _memory;
    readonly bool _obeyPause;
    readonly OpProcess _process;
    readonly FileInfo _executable;
    readonly IReadOnlyDictionary<string, string> _environment;
    readonly TimeProvider _time;
    readonly ILogger _log;
    readonly ResiliencePipeline<OpReply> _retry;
    OpGeneration? _generation;
    string? _token;
    bool _proven;
    Action? _onThrottled;

    public OpSession(OpSettings settings, OpMemory memory, bool obeyPause, IReadOnlyDictionary<string, string> environment, TimeProvider time, ILogger log)
    {
        (_settings, _memory, _obeyPause, _environment, _time, _log) = (settings, memory, obeyPause, environment, time, log);
        var path = OpExecutable.Find(settings.Path, environment.GetValueOrDefault("PATH"));
        // Of a link it is the target that changes when op is updated.
        _executable = (FileInfo?)File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);
        _process = new OpProcess(path, settings.Timeout, time);
        _retry = new ResiliencePipelineBuilder<OpReply> { TimeProvider = time }.AddRetry(Retry()).Build();
    }

    /// <summary>Whether others are signed in with the same password: then a refusal is no reason to keep everybody from trying.</summary>
    public bool IsOneOfMany { get; init; }

    /// <summary>Lists a page, signed in.</summary>
    /// <param name="onThrottled">What else to do when 1Password asks for fewer requests, before it is asked again.</param>
    /// <param name="most">How many bytes the page may be.</param>
    /// <exception cref="Failure">What op said, and what to do about it.</exception>
    public async Task<OpPage> ListAsync(OpQuery query, CancellationToken ct, Action? onThrottled = null, int most = OpProcess.MostListed) =>
        (await AskAsync("op list events", generation => generation.List(query), OpReply.ToList, onThrottled, most, ct)).Page!;

    /// <summary>Lists the names of everything of a kind, signed in: JSON as op printed it.</summary>
    /// <exception cref="Failure">What op said, and what to do about it.</exception>
    public async Task<ReadOnlyMemory<byte>> ListNamesAsync(NameKind kind, CancellationToken ct)
    {
        var command = $"op list {kind.ToString().ToLowerInvariant()}s";
        return (await AskAsync(command, generation => generation.List(kind), answer => OpReply.ToNames(answer, command), onThrottled: null, OpProcess.MostNamed, ct)).Names!.Value;
    }

    /// <summary>Lists the users in the group of a uuid, signed in: JSON as op printed it.</summary>
    /// <exception cref="Failure">What op said, and what to do about it.</exception>
    public async Task<ReadOnlyMemory<byte>> ListMembersAsync(string group, CancellationToken ct)
    {
        const string Command = "op list users --group";
        return (await AskAsync(Command, generation => generation.ListMembers(group), answer => OpReply.ToNames(answer, Command), onThrottled: null, OpProcess.MostNamed, ct)).Names!.Value;
    }

    /// <summary>Finds out the generation and signs in, unless both are done.</summary>
    public async Task<OpGeneration> SignedInAsync(CancellationToken ct)
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

    /// <summary>Signs out, as well as it goes: a session that could not be ended dies of itself after 30 minutes.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(PatienceForSignOut, _time);
        try
        {
            // A call that is under way comes to its end first: it is on this session too.
            await _turn.WaitAsync(patience.Token);
            await SignOutAsync(patience.Token);
            _turn.Release();
        }
        catch (OperationCanceledException)
        {
            _log.Debug("op signout did not end in time");
        }
    }

    async Task SignOutAsync(CancellationToken ct)
    {
        if (_generation is null || _token is null)
        {
            return;
        }

        try
        {
            var answer = await _process.RunAsync(_generation.SignOut, Environment(), ct);
            _log.Debug("Signed out of 1Password (exit code {ExitCode})", answer.ExitCode);
        }
        catch (Failure failure)
        {
            _log.Debug("op signout did not end: {Reason:l}", failure.Message);
        }

        _token = null;
    }

    async Task<OpReply> AskAsync(string command, Func<OpGeneration, string[]> arguments, Func<OpAnswer, OpReply> read, Action? onThrottled, int most, CancellationToken ct)
    {
        await _turn.WaitAsync(ct);
        try
        {
            _onThrottled = onThrottled;
            return await InTurnAsync(command, arguments, read, most, ct);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>For whoever has the turn.</summary>
    async Task<OpReply> InTurnAsync(string command, Func<OpGeneration, string[]> arguments, Func<OpAnswer, OpReply> read, int most, CancellationToken ct)
    {
        for (var renewed = false; ; renewed = true)
        {
            var call = arguments(await EnterAsync(ct));
            async ValueTask<OpReply> CallAsync(CancellationToken retried) => read(await _process.RunAsync(call, Environment(), retried, most));
            var reply = await _retry.ExecuteAsync(CallAsync, ct);
            if (reply.Failure?.Kind == OpFailureKind.NotSignedIn)
            {
                // Another op may have been rewriting the file of the session at this very moment.
                reply = await _retry.ExecuteAsync(CallAsync, ct);
            }

            if (reply.Failure is not { } failure)
            {
                _proven = true;
                return reply;
            }

            if (failure.Kind == OpFailureKind.NotSignedIn && !_proven)
            {
                throw new Failure(
                    ExitCode.Configuration,
                    $"op signed in, but its next call says \"{failure.Text}\": it could not keep the session; check that HOME and TMPDIR (op's directory com.agilebits.op in it) exist and belong to this user");
            }

            if (renewed || failure.Kind is not (OpFailureKind.SessionEnded or OpFailureKind.NotSignedIn))
            {
                throw failure.ToFailure(command);
            }

            _log.Information("The session ended ({Reason:l}); signing in again", failure.Text);
            _token = null;
        }
    }

    async Task<OpGeneration> EnterAsync(CancellationToken ct)
    {
        if (_generation is not null && _token is not null)
        {
            return _generation;
        }

        await OneSignInAtATime.WaitAsync(ct);
        try
        {
            RefuseWhilePaused();
            _generation ??= await FindGenerationAsync(ct);
            var password = Password();
            var reply = await _retry.ExecuteAsync(async retried => await SignInAsync(_generation, password, TotpSecret(), retried), ct);
            if (reply.Failure is { } failure)
            {
                throw Refused(failure);
            }

            _token = reply.Token;
            _proven = false;
            _memory.ForgetRefusal();
            return _generation;
        }
        finally
        {
            OneSignInAtATime.Release();
        }
    }

    void RefuseWhilePaused()
    {
        if (_obeyPause && _memory.RefusalAt(_time.GetUtcNow()) is { } refusal && refusal.Until > _time.GetUtcNow())
        {
            throw new Failure(
                ExitCode.Refused,
                $"1Password refused the sign-in at {refusal.At:u}; none is tried before {refusal.Until:u}, so that the account is not locked. Mend source.op.password (or totpSecret), then run opcollector check, which tries at once");
        }
    }

    async Task<OpGeneration> FindGenerationAsync(CancellationToken ct)
    {
        if (_memory.VersionOf(_executable) is { } known)
        {
            return OpGeneration.From(known, _settings.Account);
        }

        var answer = await _process.RunAsync(["--version"], Environment(), ct);
        var generation = OpGeneration.From(answer.Text, _settings.Account);
        _memory.RememberVersion(_executable, generation.Version);
        return generation;
    }

    async Task<OpReply> SignInAsync(OpGeneration generation, string password, string? secret, CancellationToken ct)
    {
        if (secret is not null)
        {
            await WaitForUnusedCodeAsync(ct);
        }

        return OpReply.ToSignIn(await _process.SignInAsync(generation.SignIn, Environment(), password, secret is null ? null : cancelled => NextCodeAsync(secret, cancelled), ct));
    }

    // Each code works once: after the one of this half minute a sign-in waits for the next one.
    async Task WaitForUnusedCodeAsync(CancellationToken ct)
    {
        var now = _time.GetUtcNow();
        // A step that is still far away was written by a clock that was wrong.
        if (_memory.LastTotpStep - Totp.StepAt(now) is 0 or 1)
        {
            await Task.Delay(Totp.StartOf(_memory.LastTotpStep + 1) - now, _time, ct);
        }
    }

    // Cron may have waited for the same half minute, and have been faster: then op waits for the code of the next one.
    async Task<string> NextCodeAsync(string secret, CancellationToken ct)
    {
        long step;
        while (!_memory.TryTakeTotpStep(step = Totp.StepAt(_time.GetUtcNow())))
        {
            await WaitForUnusedCodeAsync(ct);
        }

        return Totp.Code(secret, step)!;
    }

    // Looked at before op is started: a sign-in that breaks off counts as a failed one.
    string? TotpSecret() => _settings.TotpSecret?.Reveal() is not { } secret ? null
        : Totp.Code(secret, 0) is not null ? secret
        : throw _settings.TotpSecret.Place.Wrong("is no base32 secret; copy the secret=… of the account's otpauth:// address");

    // op would take the second line for the one-time code, and the sign-in would count as a failed one.
    string Password() => _settings.Password.Reveal() is var password && password.AsSpan().ContainsAny('\r', '\n')
        ? throw _settings.Password.Place.Wrong("holds a line break; a password is one line")
        : password;

    Failure Refused(OpFailure failure)
    {
        if (failure.Kind != OpFailureKind.Refused || IsOneOfMany)
        {
            return failure.ToFailure("op signin");
        }

        var refusal = _memory.RememberRefusal(_time.GetUtcNow());
        var pause = _memory.IsReadOnly ? "" : $", then run opcollector check; no sign-in is tried by itself before {refusal.Until:u}";
        return (failure with { Advice = failure.Advice + pause }).ToFailure("op signin");
    }

    Dictionary<string, string> Environment() => OpEnvironment.From(_environment, _settings.Account, _token);

    RetryStrategyOptions<OpReply> Retry() => new()
    {
        MaxRetryAttempts = MostRetries,
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result?.Failure?.Kind is OpFailureKind.Retry or OpFailureKind.Throttled),
        DelayGenerator = args => ValueTask.FromResult<TimeSpan?>(Backoff.Delay(args.AttemptNumber, Random.Shared.NextDouble())),
        OnRetry = args =>
        {
            if (args.Outcome.Result!.Failure!.Kind == OpFailureKind.Throttled)
            {
                _onThrottled?.Invoke();
            }

            _log.Information("op failed ({Reason:l}); trying again in {Delay:0.0} s", args.Outcome.Result.Failure.Text, args.RetryDelay.TotalSeconds);
            return default;
        },
    };
}
