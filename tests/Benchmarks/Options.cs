using System.Globalization;

namespace Benchmarks;

/// <summary>What can be asked for on the command line.</summary>
/// <param name="Rounds">How often the contestants take turns.</param>
/// <param name="WalkEvents">How large the history is that is walked back over.</param>
/// <param name="Only">The one part to measure; null for all.</param>
/// <param name="Collector">A collector to be measured as it is, instead of a freshly published one.</param>
internal sealed record Options(int Rounds = 7, int WalkEvents = 100_000, string? Only = null, string? Collector = null)
{
    const string Usage =
        "Usage: dotnet run -c Release --project tests/Benchmarks [-- [--rounds N] [--walk EVENTS] [--only delivering|starting|explaining|detecting|backfill|events-api|s3] [--collector FILE]]";

    public bool Wants(string part) => Only is null || Only == part;

    public static Options From(string[] arguments)
    {
        var options = new Options();
        foreach (var pair in arguments.Chunk(2))
        {
            options = pair switch
            {
                ["--rounds", var rounds] => options with { Rounds = Positive(rounds) },
                ["--walk", var events] => options with { WalkEvents = Positive(events) },
                ["--only", "delivering" or "starting" or "explaining" or "detecting" or "backfill" or "events-api" or "s3"] =>
                    options with { Only = pair[1] },
                ["--collector", var file] => options with { Collector = Path.GetFullPath(file) },
                _ => throw new BenchmarkException(Usage),
            };
        }

        return options;
    }

    static int Positive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new BenchmarkException(Usage);
}
