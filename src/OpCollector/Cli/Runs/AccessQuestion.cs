using OpCollector.Cli.Input;

namespace OpCollector.Cli.Runs;

/// <summary>What <c>access</c> is asked.</summary>
/// <param name="Name">The vault, the group or the person; null for all of them.</param>
/// <param name="Files">Where the events are.</param>
/// <param name="Since">From when on they are read from the source instead; null where they are in files.</param>
/// <param name="At">The moment that is asked for; null for the end of the events.</param>
internal sealed record AccessQuestion(string? Name, IReadOnlyList<string> Files, string? Since, string? At)
{
    /// <param name="first">The first argument: a name, unless it is a file or <c>-</c>.</param>
    /// <exception cref="Failure">They do not go together (64).</exception>
    public static AccessQuestion Parse(string? first, string[] files, string? since, string? at)
    {
        var isFile = first is "-" || (first is not null && Path.Exists(first));
        var question = new AccessQuestion(isFile ? null : first, isFile ? [first!, .. files] : files, since, at);
        return since is not null && question.Files.Count > 0
                ? throw Usage("--since reads the source, and files are read without it; they do not go together")
            // Somebody who has mistyped the name of a file would wait for ever.
            : since is null && question.Files.Count == 0 && EventFiles.IsStdinTerminal
                ? throw Usage("there are no events: name a file with them, - for stdin, or --since TIME for the source")
            : question;
    }

    static Failure Usage(string what) => new(ExitCode.Usage, $"{what}; see opcollector access --help");
}
