namespace OpCollector.Messages;

/// <summary>Which exit code wins where several apply.</summary>
internal static class ExitCodes
{
    static readonly ExitCode[] WorstFirst =
    [
        ExitCode.Bug, ExitCode.Disk, ExitCode.StateNotCreated, ExitCode.Configuration, ExitCode.Refused,
        ExitCode.SinkNonsense, ExitCode.SourceData, ExitCode.SourceUnavailable, ExitCode.HeldUp, ExitCode.Quarantined,
    ];

    /// <summary>Whether events keep coming: what is in the quarantine is reported, and blocks nothing.</summary>
    public static bool IsGood(ExitCode code) => code is ExitCode.Done or ExitCode.Quarantined;

    /// <summary>Whether somebody ended the run: what it had done is safe, and there is nothing to fix.</summary>
    public static bool IsSignal(ExitCode code) => code is ExitCode.Hangup or ExitCode.Interrupted or ExitCode.Terminated;

    /// <summary>Whether the state could not be kept: that is reported even where a signal has ended the run.</summary>
    public static bool IsAboutState(ExitCode code) => code is ExitCode.Disk or ExitCode.StateNotCreated;

    /// <summary>A code as a person reads it.</summary>
    public static string Describe(ExitCode code) => code switch
    {
        ExitCode.Done => "done",
        ExitCode.Quarantined => "done, and some items are in the quarantine",
        ExitCode.SourceData => "the source's data is unusable",
        ExitCode.SourceUnavailable => "the source is unavailable",
        ExitCode.Bug => "a bug",
        ExitCode.StateNotCreated => "the state cannot be created",
        ExitCode.Disk => "a file cannot be written",
        ExitCode.HeldUp => "blocked, the next run goes on",
        ExitCode.SinkNonsense => "the answer of the sink is not valid",
        ExitCode.Refused => "1Password or the sink refused the credentials",
        ExitCode.Configuration => "the configuration, the checkpoint or the sink is wrong",
        ExitCode.Hangup => "ended by SIGHUP",
        ExitCode.Interrupted => "ended by SIGINT",
        ExitCode.Terminated => "ended by SIGTERM",
        _ => "the command line is wrong",
    };

    public static ExitCode Worst(ExitCode one, ExitCode other) =>
        WorstFirst.FirstOrDefault(code => code == one || code == other, ExitCode.Done);
}
