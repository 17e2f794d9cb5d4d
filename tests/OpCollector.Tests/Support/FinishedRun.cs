namespace OpCollector.Tests.Support;

/// <summary>What a run of the program left: its exit code and everything it printed.</summary>
internal sealed record FinishedRun(int ExitCode, string Stdout, string Stderr)
{
    public string[] Lines => Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The last line of stderr: why a run ended, whatever was said before.</summary>
    public string LastWords => Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault("");

    /// <summary>What failed, as errors; none in a run that went well.</summary>
    public string[] Errors => [.. Stderr.Split('\n').Where(line => line.Contains(" ERR ", StringComparison.Ordinal))];

    /// <summary>The one line of stderr of a run that failed.</summary>
    public string Complaint =>
        Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [var only] ? only : $"not one line but: {Stderr}";

    public override string ToString() => $"exit code {ExitCode}, stdout \"{Stdout}\", stderr \"{Stderr}\"";
}
