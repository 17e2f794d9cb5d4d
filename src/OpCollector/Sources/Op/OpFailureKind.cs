namespace OpCollector.Sources.Op;

/// <summary>What to do about a call of op that failed.</summary>
internal enum OpFailureKind
{
    /// <summary>A human has to act.</summary>
    Stop,

    /// <summary>It may work in a moment.</summary>
    Retry,

    /// <summary>The same, and 1Password asks for fewer requests.</summary>
    Throttled,

    /// <summary>The session is no longer good: sign in again.</summary>
    SessionEnded,

    /// <summary>op finds no session on this machine; right after a sign-in that is a broken HOME or TMPDIR.</summary>
    NotSignedIn,

    /// <summary>The password or the one-time code was refused: never try that again by oneself.</summary>
    Refused,
}
