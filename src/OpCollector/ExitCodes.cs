namespace OpCollector;

/// <summary>Which exit code wins where several apply.</summary>
internal static class ExitCodes
{
    static readonly ExitCode[] WorstFirst =
    [
        ExitCode.Bug, ExitCode.Disk, ExitCode.StateNotCreated, ExitCode.Configuration, ExitCode.Refused,
        ExitCode.SinkNonsense, ExitCode.SourceData, ExitCode.SourceUnavailable, ExitCode.HeldUp, ExitCode.Quarantined,
    ];

    public static ExitCode Worst(ExitCode one, ExitCode other) =>
        WorstFirst.FirstOrDefault(code => code == one || code == other, ExitCode.Done);
}
