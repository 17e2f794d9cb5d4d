using System.Globalization;
using System.Text.RegularExpressions;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>
/// Stops a run behind each call of the kernel that is of interest, and kills it there or lets it go on. Counted over all threads,
/// so that the next number is the next call, whichever thread makes it; strace alone counts for each.
/// </summary>
internal static class SyscallSteps
{
    /// <summary>The calls after which something is different on the disk, or for another process.</summary>
    public const string Changes = "openat,mkdir,pwrite64,write,ftruncate,fsync,rename,link,unlink,flock,close";

    /// <summary>Whatever takes a path or a descriptor.</summary>
    public const string Any = "%file,%desc";

    /// <summary>The exit code of a run that was killed.</summary>
    public const int Killed = 137;

    /// <summary>What is said to a receiver, and heard of it.</summary>
    public const string Network = "%network";

    // strace 6.1 waits for ever, now and then, when what it is about to hold is killed at this very moment: it is ended then.
    const string Script = """
        strace=$PPID
        end_strace() {
          (
            for _ in $(seq 100); do [ -e "/proc/$strace" ] || exit; sleep 0.1; done
            kill -KILL "$strace"
          ) < /dev/null > /dev/null 2>&1 &
        }
        nth=0
        while read -r thread what; do
          case $what in
            "--- SIGSTOP"*)
              nth=$((nth + 1))
              eval "echo \"\$call_$thread\"" >> "$2"
              if [ $nth = "$1" ]; then kill -KILL "$thread"; end_strace; else kill -CONT "$thread"; fi ;;
            "---"* | "<..."*) ;;
            *) eval "call_$thread=\$what" ;;
          esac
        done
        """;

    /// <summary>Runs <c>collect</c> to its end and tells which files below the directories it touched, or tried to.</summary>
    public static async Task<(FinishedRun Run, string[] Files)> FilesAsync(Sandbox host, params string[] directories)
    {
        var trace = Path.Combine(host.Root, "trace");
        var run = await StraceAsync(host, "-y", "-o", trace, "-e", $"trace={Any}");
        var below = $"[\"<]((?:{string.Join('|', directories.Select(Regex.Escape))})(?:/[^\">]*)?)[\">]";
        return (
            run,
            [.. Regex.Matches(await File.ReadAllTextAsync(trace), below)
                .Select(match => match.Groups[1].Value)
                .Distinct()
                .Order(StringComparer.Ordinal)]);
    }

    /// <summary>
    /// Runs <c>collect</c> to its end and tells every call of the kernel it made, and how often the thread that made it most often did.
    /// </summary>
    public static async Task<(FinishedRun Run, IReadOnlyDictionary<string, int> Calls)> CallsAsync(Sandbox host)
    {
        var trace = Path.Combine(host.Root, "trace");
        var run = await StraceAsync(host, "-o", trace);
        return (run, Regex.Matches(await File.ReadAllTextAsync(trace), @"^(\d+) +(\w+)\(", RegexOptions.Multiline)
            .GroupBy(match => (Thread: match.Groups[1].Value, Call: match.Groups[2].Value))
            .GroupBy(calls => calls.Key.Call)
            .ToDictionary(call => call.Key, call => call.Max(calls => calls.Count())));
    }

    /// <summary>
    /// Runs <c>collect</c> and kills it when one of its threads is about to make this call for the <paramref name="nth"/> time.
    /// </summary>
    public static Task<FinishedRun> KillAtAsync(Sandbox host, string call, int nth) => StraceAsync(
        host, "-o", "/dev/null", "-e", $"trace={call}", "-e",
        string.Create(CultureInfo.InvariantCulture, $"inject={call}:signal=SIGKILL:when={nth}"));

    /// <summary>Runs <c>collect</c> and lets the <paramref name="nth"/> such call of each thread on one of the files fail.</summary>
    /// <returns>How it ended, and whether there was such a call.</returns>
    public static async Task<(FinishedRun Run, bool HasFailed)> FailAtAsync(
        Sandbox host, string call, string error, int nth, params string[] files)
    {
        var trace = Path.Combine(host.Root, "trace");
        var run = await StraceAsync(
            host,
            [
                "-o", trace,
                .. files.SelectMany(file => new[] { "-P", file }),
                "-e", $"trace={call}",
                "-e", string.Create(CultureInfo.InvariantCulture, $"inject={call}:error={error}:when={nth}"),
            ]);
        return (run, (await File.ReadAllTextAsync(trace)).Contains("(INJECTED)", StringComparison.Ordinal));
    }

    /// <summary>Runs <c>collect</c> and kills it behind the <paramref name="nth"/> such call; 0 lets it come to its end.</summary>
    /// <param name="files">All the files that are of interest; none for calls that name no file.</param>
    public static async Task<StepResult> CollectAsync(Sandbox host, int nth, string calls, params string[] files)
    {
        var script = Path.Combine(host.Root, "step.sh");
        var steps = Path.Combine(host.Root, "steps");
        await File.WriteAllTextAsync(script, Script);
        await File.WriteAllTextAsync(steps, "");
        var run = await StraceAsync(
            host,
            [
                "-o", string.Create(CultureInfo.InvariantCulture, $"|exec /bin/sh '{script}' {nth} '{steps}'"),
                .. files.SelectMany(file => new[] { "-P", file }),
                "-e", $"trace={calls}",
                "-e", $"inject={calls}:signal=SIGSTOP",
            ]);
        // strace 6.1 gives up itself at such a moment, if it does not wait.
        var isLost = nth > 0 && run.Stderr.Contains("ptrace(PTRACE_LISTEN", StringComparison.Ordinal);
        return new StepResult(isLost ? run with { ExitCode = Killed } : run, await File.ReadAllLinesAsync(steps));
    }

    // With its threads; the processes it starts run untraced from their first program on.
    static async Task<FinishedRun> StraceAsync(Sandbox host, params string[] options)
    {
        Assert.SkipUnless(Strace.IsInstalled, Strace.Missing);
        using var running = host.Start(Strace.Path, ["-f", "-b", "execve", "-qq", .. options, ShippedFiles.OpCollector, "collect"]);
        return await running.ToEndAsync();
    }
}
