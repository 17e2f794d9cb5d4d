namespace Benchmarks;

/// <summary>On what it was measured, in one line.</summary>
internal static class Machine
{
    public static string Describe(Workshop workshop)
    {
        var processor = File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?
            .Split(':')[1].Trim() ?? "unknown processor";
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        var disk = new DriveInfo(workshop.Root).DriveFormat;
        var python = Tools.Try("python3", "--version") ? $", {Tools.Run(Tools.Python, "--version").Trim()} ({Tools.Python})" : "";
        var node = Tools.Try("node", "--version") ? $", Node {Tools.Run("node", "--version").Trim()}" : "";
        return $"{Environment.ProcessorCount} × {processor}, Linux {kernel}, {disk}, .NET {Environment.Version}{python}{node}";
    }
}
