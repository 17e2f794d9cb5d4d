using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using OpCollector.Tests.Support;

[assembly: AssemblyFixture(typeof(HostProcesses))]

namespace OpCollector.Tests.Support;

/// <summary>
/// The processes that tests start. Those on the hosts of tests are known by their HOME, which nobody else has: a host takes with it what a
/// killed run has left behind. All others inherit a variable of this run. In the end none of them may be at work.
/// </summary>
public sealed class HostProcesses : IDisposable
{
    const string Mark = "TESTS_OF_OPCOLLECTOR";

    static readonly string Own = $"{Mark}={Guid.NewGuid():n}";
    static readonly ConcurrentBag<string> Homes = [];
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public HostProcesses() => Environment.SetEnvironmentVariable(Mark, Own[(Mark.Length + 1)..]);

    /// <summary>From now on what runs there is watched for.</summary>
    /// <returns>The last id of a process that was given before.</returns>
    public static int WatchFor(string home)
    {
        Homes.Add(home);
        return LastId();
    }

    /// <summary>The ids of what runs there.</summary>
    public static int[] In(string home) => In(home, All());

    /// <summary>Ends what runs there, and what it has started meanwhile.</summary>
    /// <param name="before">The last id of a process before anything ran there: to look at all of them takes as long as a run.</param>
    public static void End(string home, int before)
    {
        while (In(home, StartedAfter(before)) is [_, ..] left)
        {
            foreach (var id in left)
            {
                End(id);
            }
        }
    }

    public void Dispose()
    {
        // What has just been killed may need a moment to be gone.
        for (var watch = Stopwatch.StartNew(); Left().Length > 0 && watch.Elapsed < Patience;)
        {
            Thread.Yield();
        }

        Left().Should().BeEmpty("whatever a test has started has ended with it");
    }

    /// <summary>What tests have started, and is at work.</summary>
    internal static string[] Left()
    {
        var marks = Homes.Select(home => $"HOME={home}").Append(Own).ToHashSet();
        return [.. All().Where(id => EnvironmentOf(id).Any(marks.Contains)).Select(id => $"{id} {CommandOf(id)}")];
    }

    static int[] In(string home, IEnumerable<int> ids) => [.. ids.Where(id => EnvironmentOf(id).Contains($"HOME={home}"))];

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

    static IEnumerable<int> All() => Directory.EnumerateDirectories("/proc")
        .Select(directory => int.TryParse(Path.GetFileName(directory), out var id) ? id : 0)
        .Where(id => id > 0);

    // Ids are given in their order, and behind the highest the lowest that are free.
    static IEnumerable<int> StartedAfter(int before)
    {
        var last = LastId();
        return All().Where(id => before <= last ? id > before && id <= last : id > before || id <= last);
    }

    static int LastId() => int.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[^1], CultureInfo.InvariantCulture);

    static string[] EnvironmentOf(int id) => Read(id, "environ").Split('\0');

    static string CommandOf(int id) => Read(id, "cmdline").Replace('\0', ' ');

    // Nothing of what has ended, or is somebody else's.
    static string Read(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
