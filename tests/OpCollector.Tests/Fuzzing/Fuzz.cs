using System.Diagnostics;
using System.Globalization;

namespace OpCollector.Tests.Fuzzing;

/// <summary>Plays cases by their seeds, watches each of them, and tells the seed and the input of what it finds.</summary>
internal static class Fuzz
{
    const int First = 300;
    const int MostFinds = 10;
    const int FirstSteps = 12;
    const long MostAllocated = 400L << 20;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <param name="share">The part of the cases that this target plays.</param>
    public static async Task PlayAsync(string target, Func<FuzzCase, Task> play, double share = 1)
    {
        var finds = new Dictionary<string, string>();
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var seed in Cases(share))
        {
            var (find, inputs, end) = await FindAsync(seed, int.MaxValue, play);
            ends[end] = ends.GetValueOrDefault(end) + 1;
            if (find is not null)
            {
                finds.TryAdd(Kind(find), await SmallestAsync(seed, play) ?? $"seed {seed}: {find}\n    {inputs}");
            }

            if (finds.Count >= MostFinds)
            {
                break;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{target}: {string.Join(", ", ends.Select(each => $"{each.Value} times {each.Key}"))}");
        if (finds.Count > 0)
        {
            Assert.Fail(
                $"{target} may be anything, and a run ends as it should all the same. OPCOLLECTOR_SEED plays a seed again.\n{string.Join('\n', finds.Values)}");
        }
    }

    static IEnumerable<int> Cases(double share)
    {
        if (Seeds.Asked is null && Seeds.Variable("OPCOLLECTOR_FUZZ_MINUTES") is { } minutes)
        {
            var started = Stopwatch.StartNew();
            return Enumerable.Range(1, int.MaxValue - 1).TakeWhile(_ => started.Elapsed < TimeSpan.FromMinutes(minutes * share));
        }

        var all = Seeds.Of("OPCOLLECTOR_FUZZ", First);
        return Seeds.Asked is not null ? all : all.Take((int)Math.Ceiling(all.Count() * share));
    }

    // With as few of its steps as it takes to find something.
    static async Task<string?> SmallestAsync(int seed, Func<FuzzCase, Task> play)
    {
        for (var steps = 0; steps < FirstSteps; steps++)
        {
            if (await FindAsync(seed, steps, play) is ({ } find, var inputs, _))
            {
                return $"seed {seed}: {find}\n    {inputs}";
            }
        }

        return null;
    }

    static async Task<(string? Find, string Inputs, string End)> FindAsync(int seed, int mostSteps, Func<FuzzCase, Task> play)
    {
        var each = new FuzzCase(seed, mostSteps);
        var allocated = GC.GetTotalAllocatedBytes();
        var playing = Task.Run(() => play(each));
        if (await Task.WhenAny(playing, Task.Delay(Patience)) != playing)
        {
            // What hangs cannot be ended, and whatever comes after it would be disturbed by it.
            throw new TimeoutException($"seed {seed} did not end within {Patience}: {each.Inputs}");
        }

        if (playing.Exception?.InnerException is { } bug)
        {
            each.Complain($"70: {bug.GetType().Name} {Places(bug)}: {bug.Message}");
        }

        if (GC.GetTotalAllocatedBytes() - allocated is > MostAllocated and var bytes)
        {
            each.Complain($"{bytes >> 20} MB were allocated");
        }

        // Not before: a case that hangs is still using it.
        each.Dispose();
        return (each.Find, each.Inputs, each.Outcomes.FirstOrDefault("nothing"));
    }

    static string Places(Exception ex) =>
        string.Join(" < ", ex.ToString().Split('\n')
            .Where(line => line.Contains("   at OpCollector.", StringComparison.Ordinal))
            .Take(3)
            .Select(line => line.Trim().Split(" in ")[0][3..]));

    // Finds that differ in numbers and quotations alone are one.
    static string Kind(string find) => new([.. find.Take(120).Where(char.IsAsciiLetter)]);
}
