using System.Reflection;

namespace Benchmarks;

/// <summary>
/// A temporary directory with everything that is measured and measures: the published collector, the op that costs next to
/// nothing, and the program that starts the others and counts what they used.
/// </summary>
internal sealed class Workshop : IDisposable
{
    readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("opcollector-benchmark-");

    public Workshop(string? collector)
    {
        Tools.Require("cc");
        Op = Compile("op");
        Meter = Compile("measure");
        Collector = collector ?? Publish();
    }

    public string Collector { get; }

    public string Op { get; }

    public string Meter { get; }

    public string Root => _root.FullName;

    /// <summary>A program of this directory, run where it lies.</summary>
    public static string Source(string name) => Path.Combine(Repository, "tests", "Benchmarks", "Programs", name);

    static string Repository => typeof(Workshop).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "repository").Value!;

    /// <summary>An empty directory for one contestant.</summary>
    public string Place(string name) => _root.CreateSubdirectory(name).FullName;

    /// <summary>Tells op what history it holds, what it takes "newer" for, and how long each call takes.</summary>
    /// <param name="history">"contiguous", "newest" or "days", as <c>op.c</c> says.</param>
    public void Hold(int events, string history = "contiguous", TimeSpan call = default) =>
        File.WriteAllText(Op + ".conf", $"{history} {events} {(int)call.TotalMilliseconds}\n");

    public void Dispose() => _root.Delete(recursive: true);

    string Compile(string name)
    {
        var program = Path.Combine(Root, name);
        // Without the dynamic loader a start costs half; where libc.a is missing the other half is paid.
        if (!Tools.Try("cc", "-O2", "-static", "-o", program, Source($"{name}.c")))
        {
            Tools.Run("cc", "-O2", "-o", program, Source($"{name}.c"));
        }

        return program;
    }

    static string Publish()
    {
        var artifacts = Path.Combine(Repository, "artifacts");
        Tools.Run(
            "dotnet",
            "publish",
            Path.Combine(Repository, "src", "OpCollector"),
            "-c",
            "Release",
            "-o",
            artifacts,
            "--nologo",
            "-v",
            "quiet");
        return Path.Combine(artifacts, "opcollector");
    }
}
