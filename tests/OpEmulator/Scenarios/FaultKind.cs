namespace OpEmulator.Scenarios;

/// <summary>What can go wrong in a call; <see cref="Scenario"/> says how each is written and what it does.</summary>
internal enum FaultKind
{
    Hang,
    HangTree,
    IgnoreSigterm,
    Slow,
    Wait,
    FloodStderr,
    Chatter,
    Exit,
    Http,
    Network,
    Expire,
    Half,
    HalfFail,
    Html,
    Garbage,
    Crash,
    Orphan,
    Repeat,
}
