namespace OpCollector.Tests.Support;

/// <summary>What a run of the program left: its exit code and everything it printed.</summary>
internal sealed record Finished(int ExitCode, string Stdout, string Stderr)
{
    public string[] Lines => Stdout.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The one line of stderr of a run that failed.</summary>
    public string Complaint => Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries).Single();

    public override string ToString() => $"exit code {ExitCode}, stdout \"{Stdout}\", stderr \"{Stderr}\"";
}
