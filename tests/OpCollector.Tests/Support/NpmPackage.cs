using System.Diagnostics;

namespace OpCollector.Tests.Support;

/// <summary>Somebody else's server or library from npm, fetched once, beside what the build makes.</summary>
internal static class NpmPackage
{
    const string Npm = "/usr/bin/npm";

    // Classes of specs run side by side, and some want the same package.
    static readonly SemaphoreSlim OneAtATime = new(1);

    /// <summary>The directory with the <c>node_modules</c> of the package; the spec is skipped where it cannot be had.</summary>
    public static async Task<string> FetchAsync(string package)
    {
        Daemon.SkipWithout(Npm);
        var directory = Directory.CreateDirectory(ShippedFiles.Source($"artifacts/{package}")).FullName;
        await OneAtATime.WaitAsync();
        try
        {
            if (!Directory.Exists(Path.Combine(directory, "node_modules", package.Split('@')[0])))
            {
                using var npm = Process.Start(
                    new ProcessStartInfo(Npm, ["install", "--no-audit", "--no-fund", "--prefix", directory, package])
                    {
                        RedirectStandardOutput = true
                    })!;
                await npm.WaitForExitAsync();
                Assert.SkipUnless(npm.ExitCode == 0, $"npm cannot fetch {package}");
            }
        }
        finally
        {
            OneAtATime.Release();
        }

        return directory;
    }

    /// <summary>Runs a script that serves on a port of this machine, with the package at hand.</summary>
    public static async Task<Daemon> ServeAsync(string package, string script, int port)
    {
        var directory = await FetchAsync(package);
        return await Daemon.StartAsync("/usr/bin/node", ["-e", script], () => Daemon.Listens(port), directory);
    }
}
