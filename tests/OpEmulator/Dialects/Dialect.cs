using System.Globalization;
using OpEmulator.Scenarios;

namespace OpEmulator.Dialects;

/// <summary>How one generation of op reads its arguments and words its answers.</summary>
internal abstract class Dialect
{
    public abstract int VersionExitCode { get; }

    public abstract string EndOfPage { get; }

    public abstract string CodePrompt { get; }

    public abstract string BareTokenFlag { get; }

    public abstract string DefaultUsers { get; }

    /// <summary>Whether <c>list users --group=…</c> means the members of that group.</summary>
    public virtual bool ListsMembers => true;

    public static Dialect Of(string version) => version.Split('.')[0] switch
    {
        "0" => new DialectZero(),
        "1" => new DialectOne(),
        _ => new DialectTwo(),
    };

    public abstract CommandLine Parse(string[] args);

    public abstract bool Understands(CommandLine commandLine);

    public abstract Answer Usage(CommandLine commandLine);

    public abstract EventsRequest ReadEventsRequest(CommandLine commandLine);

    public abstract string? PasswordOperand(CommandLine commandLine);

    public abstract string PasswordPrompt(Scenario scenario);

    public abstract bool WantsBareToken(CommandLine commandLine);

    public abstract string Line(string text);

    public abstract int ExitCode(int status);

    public abstract string FailedRequest(Uri address, string cause);

    public abstract OpFailure NotKnown(string account, Scenario scenario);

    public abstract OpFailure WrongPassword();

    public abstract OpFailure SessionEnded();

    public OpFailure NotSignedIn() => Failure("You are not currently signed in. Please run `op signin --help` for instructions");

    public OpFailure Refusal(int status, string text) => Failure($"{status}: {text}", ExitCode(status));

    public OpFailure Failure(string text, int exitCode = 1) => new(new Answer(default, exitCode, Line(text)));

    protected static string LocalTime() => DateTime.Now.ToString("yyyy/MM/dd HH:mm:ss", CultureInfo.InvariantCulture);
}
