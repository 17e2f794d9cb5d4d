using System.Globalization;

namespace Benchmarks;

/// <summary>What can be asked for on the command line.</summary>
/// <param name="Rounds">How often the contestants take turns.</param>
/// <param name="WalkEvents">How large the history is that is walked back over.</param>
/// <param name="Only">The one part to measure; null for all.</param>
/// <param name="SourceLatency">How many milliseconds an Events API takes for a page where latency is measured.</param>
/// <param name="SinkLatency">How many milliseconds a receiver takes for a request there.</param>
/// <param name="Collector">A collector to be measured as it is, instead of a freshly published one.</param>
/// <param name="Beside">A Python script that takes turns with the others at an Events API, and takes the arguments that they take.</param>
internal sealed record Options(
    int Rounds = 7,
    int WalkEvents = 100_000,
    int SourceLatency = 150,
    int SinkLatency = 100,
    string? Only = null,
    string? Collector = null,
    string? Beside = null)
{
    static readonly string[] Parts =
        [
            "delivering", "starting", "explaining", "shaping", "detecting", "backfill", "parallel", "events-api", "routes", "latency", "s3"
        ];

    static readonly string Usage =
        "Usage: dotnet run -c Release --project tests/Benchmarks [-- [--rounds N] [--walk EVENTS] [--source-latency MS] "
        + $"[--sink-latency MS] [--only {string.Join('|', Parts)}] [--collector FILE] [--beside SCRIPT]]";

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
                ["--source-latency", var milliseconds] => options with { SourceLatency = Positive(milliseconds) },
                ["--sink-latency", var milliseconds] => options with { SinkLatency = Positive(milliseconds) },
                ["--only", var part] when Parts.Contains(part) => options with { Only = part },
                ["--beside", var script] => options with { Beside = Path.GetFullPath(script) },
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
