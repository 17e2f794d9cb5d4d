using System.Globalization;
using System.Text;

namespace Benchmarks;

/// <summary>The table for the README: medians, and each of them against the Python script's at the same job.</summary>
internal sealed class Report(string? yardstick)
{
    readonly StringBuilder _rows = new();

    /// <param name="beside">Whom the others are compared with; null for the script.</param>
    public void Add(string job, Result[] results, string? beside = null)
    {
        var against = results.FirstOrDefault(result => result.Name == (beside ?? yardstick));
        foreach (var (name, events, median) in results)
        {
            string[] cells =
            [
                job,
                name,
                $"{Text(median.Wall.TotalSeconds)} s",
                against is null ? "" : $"{Text(median.Wall / against.Median.Wall)} ×",
                $"{Text(median.OwnCpu.TotalSeconds)} s",
                $"{Text(median.AllCpu.TotalSeconds)} s",
                against is null ? "" : $"{Text(median.AllCpu / against.Median.AllCpu)} ×",
                events == 0 ? "" : (events / median.Wall.TotalSeconds).ToString("N0", CultureInfo.InvariantCulture),
                $"{median.Megabytes.ToString("0", CultureInfo.InvariantCulture)} MB",
            ];
            _rows.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |\n");
        }
    }

    public string ToMarkdown(string machine, int rounds) =>
        $"""
        {machine}. Medians of {rounds} rounds taken in turn; 200,000 and 1,000,000 events and the walk: one run. Ratios are to the Python script.

        | job | who | time | | own CPU | CPU with op | | events/s | peak memory |
        | --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        {_rows}
        """;

    static string Text(double number) =>
        number.ToString(number < 0.1 ? "0.000" : number < 1 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
