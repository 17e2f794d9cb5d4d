using System.ComponentModel;
using System.Text;
using System.Text.RegularExpressions;
using CliWrap;
using OpCollector.Configuration;

namespace OpCollector.Sources.Op;

/// <summary>
/// Starts op: the only place where a process begins. Both pipes are drained at once, the environment is exactly the one
/// given, and after <c>source.op.timeout</c> (op has no limit of its own) or a cancellation the whole process tree is killed.
/// </summary>
/// <param name="setting">What messages point to; null for the settings of the op source.</param>
internal sealed partial class OpProcess(string path, TimeSpan timeout, TimeProvider time, string? setting = null)
{
    // Enough for any message, and a flood of stderr cannot fill the memory.
    const int MostErrors = 64 * 1024;

    // 1.x may ask on a terminal that is not there: then the code goes when sign-in has long had the password.
    static readonly TimeSpan AskedByThen = TimeSpan.FromSeconds(10);

    /// <summary>Runs op with a stdin that is closed at once: on an open pipe every command but signin waits for ever.</summary>
    public Task<OpAnswer> RunAsync(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, CancellationToken ct) =>
        RunAsync(arguments, environment, PipeSource.Null, new StringBuilder(), ct);

    /// <summary>
    /// Runs <c>op signin</c>: the password goes at once, the one-time code when op asks for it, because 0.x loses a code that
    /// was written before it had read the password.
    /// </summary>
    public async Task<OpAnswer> SignInAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        string password,
        Func<CancellationToken, Task<string>>? code,
        CancellationToken ct)
    {
        var errors = new StringBuilder();
        var input = PipeSource.Create(async (stdin, cancelled) =>
        {
            await WriteLineAsync(stdin, password, cancelled);
            if (code is not null)
            {
                await UntilAskedAsync(errors, cancelled);
                await WriteLineAsync(stdin, await code(cancelled), cancelled);
            }
        });
        return await RunAsync(arguments, environment, input, errors, ct);
    }

    async Task<OpAnswer> RunAsync(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        PipeSource input,
        StringBuilder errors,
        CancellationToken ct)
    {
        using var output = new MemoryStream();
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            var result = await CliWrap.Cli.Wrap(path)
                .WithArguments(arguments)
                .WithStandardInputPipe(input)
                .WithStandardOutputPipe(PipeTarget.ToStream(output))
                .WithStandardErrorPipe(PipeTarget.Create((stderr, cancelled) => DrainAsync(stderr, errors, cancelled)))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync(start => Replace(start.Environment, environment), forcefulCancellationToken: either.Token);
            return new OpAnswer(result.ExitCode, output.GetBuffer().AsMemory(0, (int)output.Length), TextOf(errors));
        }
        catch (Win32Exception ex)
        {
            throw new Failure(ExitCode.Configuration, $"{path} cannot be started: {SystemError.Words(ex.InnerException as Win32Exception ?? ex)}; see {setting ?? "source.op.path"}", ex);
        }
        catch (OperationCanceledException ex) when (!ct.IsCancellationRequested)
        {
            throw new Failure(
                ExitCode.SourceUnavailable,
                $"op {string.Join(' ', arguments.Take(arguments[0] == "list" ? 2 : 1))} did not answer within {timeout.TotalSeconds:0} s ({setting ?? "source.op.timeout"}) and was killed",
                ex);
        }
    }

    static void Replace(IDictionary<string, string?> inherited, IReadOnlyDictionary<string, string> environment)
    {
        inherited.Clear();
        foreach (var (name, value) in environment)
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
            ProxyAddress.RememberCredentials(value);
        }
    }

    static async Task DrainAsync(Stream stderr, StringBuilder errors, CancellationToken ct)
    {
        var buffer = new byte[4096];
        while (await stderr.ReadAsync(buffer, ct) is > 0 and var length)
        {
            lock (errors)
            {
                errors.Append(Encoding.UTF8.GetString(buffer.AsSpan(0, Math.Min(length, MostErrors - Math.Min(errors.Length, MostErrors)))));
            }
        }
    }

    async Task UntilAskedAsync(StringBuilder errors, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        while (!Question().IsMatch(TextOf(errors)) && time.GetElapsedTime(began) < AskedByThen)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, ct);
        }
    }

    static async Task WriteLineAsync(Stream stdin, string line, CancellationToken ct)
    {
        await stdin.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), ct);
        await stdin.FlushAsync(ct);
    }

    static string TextOf(StringBuilder errors)
    {
        lock (errors)
        {
            return errors.ToString();
        }
    }

    // 0.x: "Please enter your One-Time Password: "; 1.x: "Enter your six-digit authentication code: ".
    [GeneratedRegex("one-time password|authentication code", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Question();
}
