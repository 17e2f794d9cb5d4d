using System.Diagnostics;

namespace Benchmarks;

/// <summary>The programs of the host that the benchmark needs, and what to install where they are missing.</summary>
internal static class Tools
{
    static readonly Dictionary<string, string> Packages = new()
    {
        ["cc"] = "gcc libc6-dev",
        ["python3"] = "python3",
        ["jq"] = "jq",
        ["curl"] = "curl",
        ["node"] = "nodejs",
        ["npm"] = "npm",
    };

    // What most hosts have; a Python that somebody has built is often slower.
    const string DebianPython = "/usr/bin/python3";

    /// <summary>The interpreter itself: version managers put a shell script before it, which would be measured too.</summary>
    public static string Python =>
        File.Exists(DebianPython) ? DebianPython : Run("python3", "-c", "import sys; print(sys.executable)").Trim();

    /// <summary>What runs a program of .NET without any environment.</summary>
    public static string Dotnet =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "..", "..", "..", "dotnet"));

    public static void Require(string tool)
    {
        if (!Has(tool))
        {
            throw new BenchmarkException(Missing(tool));
        }
    }

    /// <summary>Whether all of these are there; if not, says what is left out for want of them.</summary>
    public static bool HasAll(string whatFor, params string[] tools)
    {
        string[] missing = [.. tools.Where(tool => !Has(tool))];
        if (missing.Length > 0)
        {
            Console.Error.WriteLine($"Without {whatFor}: {Missing(missing)}");
        }

        return missing.Length == 0;
    }

    public static string Run(string program, params string[] arguments)
    {
        var (exitCode, output) = Start(program, arguments);
        return exitCode == 0
            ? output
            : throw new BenchmarkException($"{program} {string.Join(' ', arguments)} failed ({exitCode}):\n{output}");
    }

    public static bool Try(string program, params string[] arguments) => Start(program, arguments).ExitCode == 0;

    static (int ExitCode, string Output) Start(string program, string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }

    static bool Has(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Combine(directory, tool)));

    static string Missing(params string[] tools) =>
        $"{string.Join(" and ", tools)} not found; sudo apt-get install -y {string.Join(' ', tools.Select(tool => Packages[tool]))}";
}
