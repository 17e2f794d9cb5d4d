using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>Lets a run die, fail or wait at a chosen call of the kernel.</summary>
internal static class Strace
{
    public const string Path = "/usr/bin/strace";
    public const string Missing = "strace is not installed";

    public static bool IsInstalled => File.Exists(Path);

    /// <summary>Runs <c>collect</c> with a fault injected into calls that touch one of the files.</summary>
    /// <param name="fault">As strace reads it, such as <c>fsync:error=EIO:when=1</c>; it counts for each thread.</param>
    /// <param name="files">Of two paths, as with a rename, the first.</param>
    public static Task<FinishedRun> CollectAsync(Sandbox host, string fault, params string[] files) =>
        RunAsync(host, fault, files, "collect");

    public static async Task<FinishedRun> RunAsync(Sandbox host, string fault, string[] files, params string[] arguments)
    {
        using var running = Start(host, fault, files, arguments);
        return await running.ToEndAsync();
    }

    public static RunningProcess Start(Sandbox host, string fault, string[] files, params string[] arguments)
    {
        Assert.SkipUnless(IsInstalled, Missing);
        return host.Start(
            Path,
            [
                "-f", .. Quicker(fault), "-qq", "-o", "/dev/null",
                .. files.SelectMany(file => new[] { "-P", file }),
                "-e", $"trace={fault.Split(':')[0]}",
                "-e", $"inject={fault}",
                ShippedFiles.OpCollector, .. arguments,
            ]);
    }

    // With it other calls are not stopped at all; but a signal for the first call of the main thread is lost (strace 6.1).
    static string[] Quicker(string fault) => fault.Contains(":error=", StringComparison.Ordinal) ? ["--seccomp-bpf"] : [];
}
