using OpCollector.Configuration;
using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>Makes the sessions of op that a run uses; none of them is signed in yet.</summary>
/// <param name="environment">The environment of this program.</param>
internal sealed class OpSessions(
    OpSettings settings,
    OpMemory memory,
    EnvironmentVariables environment,
    AllowedCalls calls,
    TimeProvider time,
    ILogger log)
{
    /// <summary>Counts every page that is read.</summary>
    public ReadCount ReadCount { get; init; } = new();

    /// <summary>The session that does everything as long as one is enough.</summary>
    public OpSession First() => Create(new OpSignIn(settings, memory, time, log), environment);

    /// <summary>One more session beside the first.</summary>
    /// <param name="temporary">Its TMPDIR, where op keeps the session.</param>
    public OpSession Another(string temporary) =>
        Create(new OpSignIn(settings, memory, time, log) { IsOneOfMany = true }, environment.With("TMPDIR", temporary));

    OpSession Create(OpSignIn signIn, EnvironmentVariables variables) =>
        new(settings, signIn, variables, calls, time, log) { ReadCount = ReadCount };
}
