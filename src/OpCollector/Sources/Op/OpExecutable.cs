namespace OpCollector.Sources.Op;

/// <summary>The file that is op, found as a shell would find it.</summary>
internal static class OpExecutable
{
    const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static string Find(string name, string? searchPath, string advice = "set source.op.path")
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return Directory.Exists(name) ? throw Wrong($"{name} is a directory; set source.op.path")
                : !File.Exists(name) ? throw Wrong($"{name} does not exist; set source.op.path")
                : CanRun(name) ? name
                : throw Wrong($"{name} is not executable; chmod +x it, or set source.op.path");
        }

        var candidates = (searchPath ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .ToArray();
        return candidates.FirstOrDefault(CanRun)
            ?? throw (candidates.FirstOrDefault(File.Exists) is { } file
                ? Wrong($"{file} is not executable; chmod +x it, or set source.op.path")
                : Wrong($"{name} not found in PATH={searchPath}; {advice}"));
    }

    static bool CanRun(string file) => File.Exists(file) && (File.GetUnixFileMode(file) & Executable) != 0;

    static Failure Wrong(string what) => new(ExitCode.Configuration, what);
}
