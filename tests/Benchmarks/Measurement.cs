using System.Globalization;

namespace Benchmarks;

/// <summary>What a run took.</summary>
/// <param name="OwnCpu">User and system time of the process itself, in steps of the kernel's clock tick.</param>
/// <param name="AllCpu">The same with all processes it started.</param>
/// <param name="Megabytes">The most memory that its largest process held at a time (maximum resident set).</param>
internal sealed record Measurement(TimeSpan Wall, TimeSpan OwnCpu, TimeSpan AllCpu, double Megabytes)
{
    public static Measurement MedianOf(IReadOnlyList<Measurement> all) => new(
        TimeSpan.FromSeconds(Median(all.Select(each => each.Wall.TotalSeconds))),
        TimeSpan.FromSeconds(Median(all.Select(each => each.OwnCpu.TotalSeconds))),
        TimeSpan.FromSeconds(Median(all.Select(each => each.AllCpu.TotalSeconds))),
        Median(all.Select(each => each.Megabytes)));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Wall.TotalSeconds:0.000} s, CPU {OwnCpu.TotalSeconds:0.00} s ({AllCpu.TotalSeconds:0.00} s with children), {Megabytes:0} MB");

    static double Median(IEnumerable<double> values)
    {
        double[] ascending = [.. values.Order()];
        var middle = ascending.Length / 2;
        return ascending.Length % 2 == 1 ? ascending[middle] : (ascending[middle - 1] + ascending[middle]) / 2;
    }
}
