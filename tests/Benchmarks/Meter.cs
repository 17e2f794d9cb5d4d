using System.Diagnostics;
using System.Globalization;

namespace Benchmarks;

/// <summary>Runs a contestant through the small program that counts what it used, with as little environment as cron gives.</summary>
internal static class Meter
{
    public static Measurement Run(Workshop workshop, Contestant contestant)
    {
        var result = Path.Combine(workshop.Root, "measured");
        using var process = Start(workshop, [workshop.Meter, result, .. contestant.Command]);
        var errors = process.StandardError.ReadToEndAsync();
        // Not kept: a text of 200 MB would be made in the time that is measured.
        process.StandardOutput.BaseStream.CopyTo(Stream.Null);
        process.WaitForExit();
        return process.ExitCode == 0 && Read(result) is { } measurement
            ? measurement
            : throw new BenchmarkException($"{string.Join(' ', contestant.Command)} failed:\n{errors.Result}");
    }

    /// <summary>Starts a program as cron would.</summary>
    public static Process Start(Workshop workshop, string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["HOME"] = workshop.Root;
        start.Environment["OP_PASSWORD"] = "correct horse";
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    static Measurement? Read(string result)
    {
        long[] numbers = [.. File.ReadAllText(result).Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return numbers is [var wall, var own, var all, var peak, 0]
            ? new Measurement(TimeSpan.FromTicks(wall / 100), TimeSpan.FromMicroseconds(own), TimeSpan.FromMicroseconds(all), peak / 1024.0)
            : null;
    }
}
