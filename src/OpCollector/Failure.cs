namespace OpCollector;

/// <summary>
/// A run that cannot go on, in one line a person can act on: what failed, where, what to do. It carries its exit code
/// and never a secret; nothing is lost by it, because the checkpoint moves only after delivery.
/// </summary>
internal sealed class Failure(ExitCode code, string message, Exception? cause = null) : Exception(message, cause)
{
    public ExitCode Code { get; } = code;
}
