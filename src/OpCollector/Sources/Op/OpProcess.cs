using System.ComponentModel;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using OpCollector.Http;
using OpCollector.Storage;

namespace OpCollector.Sources.Op;

/// <summary>
/// Starts op: the only place where a process begins. Both pipes are drained at once, the environment is exactly the one
/// given, and after <c>source.op.timeout</c> (op has no limit of its own) or a cancellation the whole process tree is killed.
/// </summary>
/// <param name="setting">What messages point to; null for the settings of the op source.</param>
internal sealed partial class OpProcess(string path, TimeSpan timeout, TimeProvider time, string? setting = null)
{
    /// <summary>
    /// The most that a page may be: a hundred events of 240 kB each, or one that is very large. With its findings it is in memory several
    /// times.
    /// </summary>
    public const int MostListed = 24 * 1024 * 1024;

    /// <summary>The most that a list of names may be: forty thousand users.</summary>
    public const int MostNamed = 16 * 1024 * 1024;

    /// <summary>The most that anything else may be: a version, a token.</summary>
    public const int MostWords = 64 * 1024;

    // Enough for any message; a flood of them is drained, and in the end it is one.
    const int MostErrors = 64 * 1024;
    const int MostErrorsDrained = 16 * 1024 * 1024;

    // 1.x may ask on a terminal that is not there: then the code goes when sign-in has long had the password.
    static readonly TimeSpan AskedByThen = TimeSpan.FromSeconds(10);

    // What op printed is in the pipes when it exits; what it leaves running may hold them open for ever.
    static readonly TimeSpan DrainedByThen = TimeSpan.FromSeconds(1);

    /// <summary>The file that is run. Of a link it is the target that changes when op is updated.</summary>
    public FileInfo Executable { get; } = (FileInfo?)File.ResolveLinkTarget(path, returnFinalTarget: true) ?? new FileInfo(path);

    /// <summary>Runs op with a stdin that is closed at once: on an open pipe every command but signin waits for ever.</summary>
    /// <param name="most">How many bytes it may print; what prints more is killed.</param>
    public async Task<OpAnswer> RunAsync(
        IReadOnlyList<string> arguments, EnvironmentVariables environment, CancellationToken ct, int most = MostWords)
    {
        using var errors = new OpPipe(MostErrors, MostErrorsDrained);
        return await RunAsync(arguments, environment, PipeSource.Null, errors, most, ct);
    }

    /// <summary>
    /// Runs <c>op signin</c>: the password goes at once, the one-time code when op asks for it, because 0.x loses a code that
    /// was written before it had read the password.
    /// </summary>
    public async Task<OpAnswer> SignInAsync(
        IReadOnlyList<string> arguments,
        EnvironmentVariables environment,
        string password,
        Func<CancellationToken, Task<string>>? code,
        CancellationToken ct)
    {
        using var errors = new OpPipe(MostErrors, MostErrorsDrained);
        var input = PipeSource.Create(async (stdin, cancelled) =>
        {
            await WriteLineAsync(stdin, password, cancelled);
            if (code is not null)
            {
                await UntilAskedAsync(errors, cancelled);
                await WriteLineAsync(stdin, await code(cancelled), cancelled);
            }
        });
        return await RunAsync(arguments, environment, input, errors, MostWords, ct);
    }

    // Long: one call, and each way in which no answer comes of it.
    async Task<OpAnswer> RunAsync(
        IReadOnlyList<string> arguments,
        EnvironmentVariables environment,
        PipeSource input,
        OpPipe errors,
        int most,
        CancellationToken ct)
    {
        using var output = new OpPipe(most, most);
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        using var drained = new CancellationTokenSource();
        try
        {
            var result = await CliWrap.Cli.Wrap(path)
                .WithArguments(arguments)
                .WithStandardInputPipe(UntilExit(input, drained))
                .WithStandardOutputPipe(PipeTarget.Create(
                    (stdout, cancelled) => output.DrainAsync(stdout, either, drained.Token, cancelled)))
                .WithStandardErrorPipe(PipeTarget.Create(
                    (stderr, cancelled) => errors.DrainAsync(stderr, either, drained.Token, cancelled)))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(start => Replace(start.Environment, environment), forcefulCancellationToken: either.Token);
            LargeMemory.Return(output.Bytes.Length);
            return Flood(arguments, output, errors, most) is { } flood
                ? throw flood
                : new OpAnswer(result.ExitCode, output.Bytes, errors.Text);
        }
        catch (Win32Exception ex)
        {
            throw new Failure(
                ExitCode.Configuration,
                $"{path} cannot be started: {SystemError.Describe(ex.InnerException as Win32Exception ?? ex)}; see "
                    + $"{setting ?? "source.op.path"}",
                ex);
        }
        catch (OperationCanceledException ex) when (!ct.IsCancellationRequested)
        {
            throw Flood(arguments, output, errors, most) ?? new Failure(
                ExitCode.SourceUnavailable,
                $"{Command(arguments)} did not answer within {timeout.TotalSeconds:0} s ({setting ?? "source.op.timeout"}) and was killed",
                ex);
        }
    }

    // CliWrap ends the input when the process has exited, and tells of its exit in no other way before both pipes end.
    static PipeSource UntilExit(PipeSource input, CancellationTokenSource drained) => PipeSource.Create(async (stdin, exited) =>
    {
        exited.Register(() => drained.CancelAfter(DrainedByThen));
        await input.CopyToAsync(stdin, exited);
    });

    static void Replace(IDictionary<string, string?> inherited, EnvironmentVariables environment)
    {
        inherited.Clear();
        foreach (var (name, value) in environment.All)
        {
            inherited[name] = value;
            RememberSecret(name, value);
        }
    }

    // op may repeat what it was given: a token of a service account, a session, who we are to a proxy.
    static void RememberSecret(string name, string value)
    {
        if (name.EndsWith("_TOKEN", StringComparison.Ordinal) || name.StartsWith("OP_SESSION_", StringComparison.Ordinal))
        {
            Redaction.Remember(value);
        }
        else if (name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase))
        {
            ProxyText.RememberCredentials(value);
        }
    }

    async Task UntilAskedAsync(OpPipe errors, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (!Question().IsMatch(errors.Text) && time.GetElapsedTime(began) < AskedByThen)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, ct);
        }
    }

    static async Task WriteLineAsync(Stream stdin, string line, CancellationToken ct)
    {
        await stdin.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), ct);
        await stdin.FlushAsync(ct);
    }

    static Failure? Flood(IReadOnlyList<string> arguments, OpPipe output, OpPipe errors, int most) =>
        output.IsFlooded ? new Failure(
            ExitCode.SourceData,
            $"{Command(arguments)} printed more than {BoundedFile.InWords(most)}, which is too much, and was killed; nothing is "
                + "skipped, the next run asks again")
        : errors.IsFlooded ? new Failure(
            ExitCode.SourceUnavailable,
            $"{Command(arguments)} printed more than {BoundedFile.InWords(MostErrorsDrained)} of complaints, and was killed; nothing "
                + $"is skipped, the next run asks again. It begins: {ForeignText.Clean(errors.Text)}")
        : null;

    static string Command(IReadOnlyList<string> arguments) => $"op {string.Join(' ', arguments.Take(arguments[0] == "list" ? 2 : 1))}";

    // 0.x: "Please enter your One-Time Password: "; 1.x: "Enter your six-digit authentication code: ".
    [GeneratedRegex("one-time password|authentication code", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Question();
}
