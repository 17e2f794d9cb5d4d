namespace OpCollector.Messages;

/// <summary>
/// A run that cannot go on, in one line a person can act on: what failed, where, what to do. It carries its exit code
/// and never a secret; nothing is lost by it, because the checkpoint moves only after delivery.
/// </summary>
internal sealed class Failure : Exception
{
    public Failure(ExitCode code, string message, Exception? cause = null)
        : this(code, [message], cause)
    {
    }

    /// <summary>Several things that are wrong at once, each with a line of its own.</summary>
    public Failure(ExitCode code, IEnumerable<string> lines)
        : this(code, [.. lines], cause: null)
    {
    }

    // Whatever somebody has put into it, a file's name or an argument, is fit for a terminal.
    Failure(ExitCode code, string[] lines, Exception? cause)
        : base(string.Join("; ", lines.Select(Clean)), cause) => (Code, Lines) = (code, [.. lines.Select(Clean)]);

    public ExitCode Code { get; }

    /// <summary>What it is about, for those who can put it right; null where nobody can.</summary>
    public object? Subject { get; init; }

    public IReadOnlyList<string> Lines { get; }

    static string Clean(string line) => ForeignText.Line(Redaction.Redact(line));
}
