using System.Globalization;
using System.Text.RegularExpressions;

namespace OpCollector.Sources.Op;

/// <summary>
/// What went wrong in op, told apart by its words and by the command (a wrong password and an expired session say the same);
/// the exit code only helps, since 1.x knows only one.
/// </summary>
internal sealed partial record OpFailure(OpFailureKind Kind, ExitCode Code, string Text, string Advice)
{
    const string ByHand = "sign in once by hand as the user that cron runs as: op signin";
    const string Again = "the session ended and a new one did too; does something else sign in with this account?";

    // The first that fits counts. docs/op.md says which of these words were seen and which are inferred.
    static readonly (Regex Words, OpFailureKind Kind, ExitCode Code, string Advice)[] Known =
    [
        (
            Phrase(@"^445\b|deprecated api"),
            OpFailureKind.Stop,
            ExitCode.SourceUnavailable,
            "1Password no longer answers this op; collect from the 1Password Events API, or, below op 1.12, update to that one"),
        (
            Phrase("unknown command|unknown flag|missing argument: (direction|event id)"),
            OpFailureKind.Stop,
            ExitCode.Configuration,
            "this op does not list events as 0.x and 1.x do; check source.op.path, or collect from the 1Password Events API"),
        (
            Phrase("no saved device id|account not found|never been signed into|missing argument: secret key"),
            OpFailureKind.Stop,
            ExitCode.Configuration,
            ByHand),
        (
            Phrase("cannot register device"),
            OpFailureKind.Stop,
            ExitCode.Configuration,
            "op cannot keep its files; check that HOME exists and belongs to this user"),
        (
            Phrase("permissions are too broad|not owned by the current user|permission denied"),
            OpFailureKind.Stop,
            ExitCode.Configuration,
            "fix the permissions of op's own directory"),
        (
            Phrase("x509:"),
            OpFailureKind.Stop,
            ExitCode.Configuration,
            "op does not trust the certificate it sees; if a proxy inspects TLS, set SSL_CERT_FILE"),
        (
            Phrase(@"^403\b|forbidden|have (the )?permission|not authorized"),
            OpFailureKind.Stop,
            ExitCode.Refused,
            "the Activity Log needs an owner, an administrator or the right View Administrative Sidebar"),
        (Phrase("not currently signed in"), OpFailureKind.NotSignedIn, ExitCode.Refused, Again),
        (
            Phrase(
                @"^401\b|unauthorized|authentication required|not authenticated|session expired|invalid session token|" +
                "message authentication failed"),
            OpFailureKind.SessionEnded,
            ExitCode.Refused,
            Again),
        (
            Phrase(@"^429\b|too many requests"),
            OpFailureKind.Throttled,
            ExitCode.SourceUnavailable,
            "1Password asks for fewer requests; the next run goes on"),
        (Phrase(@"^(408|5\d\d)\b"), OpFailureKind.Retry, ExitCode.SourceUnavailable, "1Password has trouble; the next run goes on"),
        (
            Phrase(
                "dial tcp|no such host|connection (refused|reset)|i/o timeout|deadline exceeded|handshake timeout|unreachable|" +
                @"proxyconnect|unexpected end of json|invalid character|\bEOF\b"),
            OpFailureKind.Retry,
            ExitCode.SourceUnavailable,
            "check the way to 1Password from this host; the next run goes on"),
    ];

    /// <summary>Pure: what a failed sign-in means.</summary>
    public static OpFailure ClassifySignIn(OpAnswer answer)
    {
        var (said, failure) = (Message(answer), ClassifyCall(answer));
        return AsksForCode().IsMatch(said)
            ? failure.AsRefusal("the account has two-factor authentication: check source.op.totpSecret and this host's clock")
            : failure.Kind == OpFailureKind.SessionEnded || WrongAccount().IsMatch(said)
            ? failure.AsRefusal("check source.op.password (and source.op.totpSecret)")
            : failure;
    }

    /// <summary>Pure: what a failed call means that was made in a session.</summary>
    public static OpFailure ClassifyCall(OpAnswer answer)
    {
        var said = Message(answer);
        var text = ForeignText.Clean(said).ToString();
        var status = StatusOf(answer.ExitCode);
        var known = Known.FirstOrDefault(each => each.Words.IsMatch(said) || each.Words.IsMatch(status));
        return known.Words is null
            ? new(OpFailureKind.Stop, ExitCode.SourceUnavailable, text, "see opcollector check")
            : new(known.Kind, known.Code, text, known.Advice);
    }

    /// <summary>Whether stderr holds one of op's error lines; other lines there (prompts, notices) say nothing.</summary>
    public static bool IsReported(string errors) => ErrorLine().IsMatch(errors);

    public Failure ToFailure(string command) => new(Code, Advice.Length == 0 ? $"{command}: {Text}" : $"{command}: {Text}; {Advice}");

    OpFailure AsRefusal(string advice) => new(OpFailureKind.Refused, ExitCode.Refused, Text, advice);

    static string Message(OpAnswer answer)
    {
        var line = ErrorLine().Match(answer.Errors) is { Success: true } told
            ? told.Groups["text"].Value
            : answer.Errors.Trim().Split('\n')[0];
        return string.IsNullOrWhiteSpace(line) ? $"failed with exit code {answer.ExitCode}" : line;
    }

    // 0.x exits with the HTTP status, of which 8 bits are left.
    static string StatusOf(int exitCode) =>
        exitCode is >= 144 and <= 255 ? (exitCode + 256).ToString(CultureInfo.InvariantCulture) : "";

    static Regex Phrase(string pattern) => new(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    // Not always at the beginning of a line: 0.x prints it behind the prompt that nobody answered.
    [GeneratedRegex(
        @"(?:\[ERROR\] \S+ \S+ |\[LOG\] \S+ \S+ \(ERROR\)\s+)(?<text>.*)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex ErrorLine();

    [GeneratedRegex("one-time password|authentication code", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksForCode();

    [GeneratedRegex("verify your email address and secret key", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WrongAccount();
}
