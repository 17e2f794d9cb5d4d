namespace OpCollector.Messages;

/// <summary>What a run tells cron. The numbers are a promise: scripts and alarms are built on them.</summary>
internal enum ExitCode
{
    Done = 0,

    /// <summary>Of <c>status --max-age</c> alone.</summary>
    Stale = 1,
    Quarantined = 2,
    Usage = 64,
    SourceData = 65,
    SourceUnavailable = 69,
    Bug = 70,
    StateNotCreated = 73,
    Disk = 74,
    HeldUp = 75,
    SinkNonsense = 76,
    Refused = 77,
    Configuration = 78,
    Hangup = 129,
    Interrupted = 130,
    Terminated = 143,
}
