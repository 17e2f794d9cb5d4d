using System.Globalization;
using OpEmulator.Scenarios;

namespace OpEmulator.Dialects;

/// <summary>op 0.x, as observed with 0.2.1: operands for event id and direction, the HTTP status as exit code.</summary>
internal sealed class DialectZero : Dialect
{
    public override int VersionExitCode => 1;

    public override string EndOfPage => "";

    public override string CodePrompt => "Please enter your One-Time Password: ";

    public override string BareTokenFlag => "--output=raw";

    public override string DefaultUsers => DefaultLists.UsersZero;

    public override bool ListsMembers => false;

    public override CommandLine Parse(string[] args) => CommandLine.Parse(args, static _ => false);

    public override bool Understands(CommandLine commandLine) =>
        !commandLine.StartsWithFlag
        && !commandLine.Has("help")
        && commandLine.Command is "--version" or "signin" or "signout" or "list events" or "list users" or "list groups" or "list vaults";

    public override Answer Usage(CommandLine commandLine) => commandLine switch
    {
        { StartsWithFlag: true, Command.Length: > 0 } => Answer.Of("Invalid flags before the subcommand.\n", 1),
        { Command: ['l', 'i', 's', 't', ..] } when !commandLine.Has("help") =>
            Answer.Of("Please specify what to list: events, groups, users or vaults.\n"),
        _ => Answer.Of("Usage: op <command> [flags]\n\nCommands: get, list, signin, signout\n", 1),
    };

    public override EventsRequest ReadEventsRequest(CommandLine commandLine)
    {
        if (commandLine.Operands is not [var id, ..])
        {
            throw Failure("Missing argument: event id");
        }

        if (commandLine.Operands is not [_, var direction, ..])
        {
            throw Failure("Missing argument: direction");
        }

        // 0.2.1 cuts the id to 32 bits, takes what is no number for 0, and any direction but "newer" for "older".
        var eid = long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? unchecked((uint)number)
            : 0;
        return eid == 0
            ? new EventsRequest(EventsDirection.Newest, 0)
            : new EventsRequest(direction == "newer" ? EventsDirection.Newer : EventsDirection.Older, eid);
    }

    // 0.2.1 takes a fourth operand for the master password, which makes `--output raw` (with a blank) sign in with "raw".
    public override string? PasswordOperand(CommandLine commandLine) =>
        commandLine.Operands is [_, _, _, var password, ..] ? password : null;

    public override string PasswordPrompt(Scenario scenario) =>
        $"Please enter your password for user {scenario.Email} at {scenario.Host}: ";

    public override bool WantsBareToken(CommandLine commandLine) => commandLine.Value("output") switch
    {
        null or "" => false,
        "raw" => true,
        var other => throw Failure($"{other} is not a valid value for the output flag"),
    };

    public override string Line(string text) => $"[LOG] {LocalTime()} (ERROR) {text}\n";

    // 0.2.1 exits with the HTTP status, of which the kernel keeps eight bits: 401 is 145, and 512 would be a success.
    public override int ExitCode(int status) => status % 256;

    public override string FailedRequest(Uri address, string cause) => $"Get {address}: {cause}";

    public override OpFailure NotKnown(string account, Scenario scenario) =>
        Failure($"Account {account} has never been signed into on this device, run 'op signin --help' for instructions");

    // 0.2.1 words a refused password and a session that ended alike: only the command tells them apart.
    public override OpFailure WrongPassword() => Refusal(401, "Authentication required.");

    public override OpFailure SessionEnded() => Refusal(401, "Authentication required.");
}
