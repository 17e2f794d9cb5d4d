using System.Collections.Concurrent;
using System.Diagnostics;
using OpCollector.Tests.Support;

[assembly: AssemblyFixture(typeof(HostProcesses))]

namespace OpCollector.Tests.Support;

/// <summary>
/// The processes that run on the hosts of tests, known by their HOME, which nobody else has: a host takes with it what a killed run
/// has left behind, and in the end nothing of any host may be at work.
/// </summary>
public sealed class HostProcesses : IDisposable
{
    static readonly ConcurrentBag<string> Homes = [];

    /// <summary>From now on what runs there is watched for.</summary>
    public static void DetectionStage(string home) => Homes.Add(home);

    /// <summary>The ids of what runs there.</summary>
    public static int[] In(string home) => [.. Directory.EnumerateDirectories("/proc")
        .Select(directory => int.TryParse(Path.GetFileName(directory), out var id) ? id : 0)
        .Where(id => id > 0 && HomeOf(id) == home)];

    /// <summary>Ends what runs there, and what it has started meanwhile.</summary>
    public static void End(string home)
    {
        while (In(home) is [_, ..] left)
        {
            foreach (var id in left)
            {
                End(id);
            }
        }
    }

    public void Dispose()
    {
        var left = Homes.SelectMany(In).ToArray();

        left.Should().BeEmpty("whatever a test has started has ended with it");
    }

    static void End(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            process.Kill();
            process.WaitForExit();
        }
        catch (Exception ex) when (ex is ArgumentException or InvalidOperationException)
        {
            // It has just ended by itself.
        }
    }

    // None for what has ended, or is somebody else's.
    static string? HomeOf(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ")
                .Split('\0')
                .FirstOrDefault(each => each.StartsWith("HOME=", StringComparison.Ordinal))?[5..];
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
