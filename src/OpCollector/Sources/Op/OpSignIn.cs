using OpCollector.Configuration;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// Signs in to 1Password with op: one sign-in at a time, each with a one-time code of its own, and none for a while after one that was
/// refused, because each of those counts against the account.
/// </summary>
internal sealed class OpSignIn(OpSettings settings, OpMemory memory, TimeProvider time, ILogger log)
{
    // op rewrites its configuration at each sign-in, and a one-time code works once.
    static readonly SemaphoreSlim OneAtATime = new(1);

    readonly OpRetry _retry = new(time, log);

    /// <summary>Whether others are signed in with the same password: then a refusal does not keep everybody from trying.</summary>
    public bool IsOneOfMany { get; init; }

    /// <param name="known">Which op it is, where that is known already.</param>
    /// <param name="environment">The environment of the call.</param>
    /// <exception cref="Failure">The sign-in was refused, or none may be tried now.</exception>
    public async Task<(OpGeneration Generation, string Token)> SignInAsync(
        OpProcess process, OpGeneration? known, EnvironmentVariables environment, CancellationToken ct)
    {
        await OneAtATime.WaitAsync(ct);
        try
        {
            RefuseWhilePaused();
            var generation = known ?? await FindGenerationAsync(process, environment, ct);
            var password = Password();
            var result = await _retry.CallAsync(
                retried => AskForTokenAsync(process, generation, environment, password, TotpSecret(), retried), ct);
            if (!result.Succeeded(out var token, out var failure))
            {
                throw Refused(failure);
            }

            memory.ForgetRefusal();
            return (generation, token);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    void RefuseWhilePaused()
    {
        if (memory.PauseAt(time.GetUtcNow()) is { } refusal)
        {
            throw new Failure(
                ExitCode.Refused,
                $"1Password refused the sign-in at {refusal.At:u}; none is tried before {refusal.Until:u}, so that the account is not "
                    + "locked. Fix source.op.password (or totpSecret), then run opcollector check, which tries at once");
        }
    }

    async Task<OpGeneration> FindGenerationAsync(OpProcess process, EnvironmentVariables environment, CancellationToken ct)
    {
        if (memory.VersionOf(process.Executable) is { } known)
        {
            return OpGeneration.Parse(known, settings.Account);
        }

        var answer = await process.RunAsync(["--version"], environment, ct);
        var generation = OpGeneration.Parse(answer.Text, settings.Account);
        memory.RememberVersion(process.Executable, generation.Version);
        return generation;
    }

    async Task<Result<string, OpFailure>> AskForTokenAsync(
        OpProcess process,
        OpGeneration generation,
        EnvironmentVariables environment,
        string password,
        string? secret,
        CancellationToken ct)
    {
        if (secret is not null)
        {
            await WaitForUnusedCodeAsync(ct);
        }

        Func<CancellationToken, Task<string>>? code = secret is null ? null : cancelled => NextCodeAsync(secret, cancelled);
        return ReadToken(await process.SignInAsync(generation.SignIn, environment, password, code, ct));
    }

    /// <exception cref="Failure">op printed something else than a token (65).</exception>
    static Result<string, OpFailure> ReadToken(OpAnswer answer)
    {
        var token = answer.Text;
        if (token.Length == 0)
        {
            return OpFailure.ClassifySignIn(answer);
        }

        Redaction.Remember(token);
        return !token.Any(char.IsWhiteSpace)
            ? token
            : throw new Failure(
                ExitCode.SourceData,
                "op signin printed something else than a session token; is source.op.path the 1Password CLI?");
    }

    // Each code works once: after the one of this half minute a sign-in waits for the next one.
    async Task WaitForUnusedCodeAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow();
        // A step that is still far away was written by a clock that was wrong.
        if (memory.LastTotpStep - OneTimeCode.StepAt(now) is 0 or 1)
        {
            await Task.Delay(OneTimeCode.StartOf(memory.LastTotpStep + 1) - now, time, ct);
        }
    }

    // Another run may have used the code of this half minute first; then wait for the next.
    async Task<string> NextCodeAsync(string secret, CancellationToken ct)
    {
        long step;
        while (!memory.TryTakeTotpStep(step = OneTimeCode.StepAt(time.GetUtcNow())))
        {
            await WaitForUnusedCodeAsync(ct);
        }

        return OneTimeCode.Code(secret, step)!;
    }

    // Looked at before op is started: a sign-in that breaks off counts as a failed one.
    string? TotpSecret() => settings.TotpSecret?.Reveal() is not { } secret ? null
        : OneTimeCode.Code(secret, 0) is not null ? secret
        : throw settings.TotpSecret.Place.Wrong("is not a base32 secret; copy the secret=… of the account's otpauth:// address");

    // op would take the second line for the one-time code, and the sign-in would count as a failed one.
    string Password() => settings.Password.Reveal() is var password && password.AsSpan().ContainsAny('\r', '\n')
        ? throw settings.Password.Place.Wrong("holds a line break; a password is one line")
        : password;

    Failure Refused(OpFailure failure)
    {
        if (failure.Kind != OpFailureKind.Refused || IsOneOfMany)
        {
            return failure.ToFailure("op signin");
        }

        var pause = memory.BeginPause(time.GetUtcNow()) is { } refusal
            ? $", then run opcollector check; no sign-in is tried by itself before {refusal.Until:u}"
            : "";
        return (failure with { Advice = failure.Advice + pause }).ToFailure("op signin");
    }
}
