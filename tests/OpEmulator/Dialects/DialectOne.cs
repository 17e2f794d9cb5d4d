using System.Globalization;
using OpEmulator.Scenarios;

namespace OpEmulator.Dialects;

/// <summary>op 1.x: flags for event id and direction, exit code 1 for every failure.</summary>
internal class DialectOne : Dialect
{
    public override int VersionExitCode => 0;

    public override string EndOfPage => "\n";

    public override string CodePrompt => "Enter your six-digit authentication code: ";

    public override string BareTokenFlag => "--raw";

    public override string DefaultUsers => DefaultLists.UsersOne;

    public override CommandLine Parse(string[] args) => CommandLine.Parse(args, static flag =>
        flag is "account" or "config" or "encoding" or "session" or "eventid" or "shorthand" or "output" or "group" or "user" or "vault");

    public override bool Understands(CommandLine commandLine)
    {
        if (AsksForHelp(commandLine) || FlagsOf(commandLine.Command) is not { } flags)
        {
            return false;
        }

        foreach (var flag in commandLine.Flags.Keys)
        {
            if (Array.IndexOf(flags, flag) < 0 && flag is not ("account" or "cache" or "config" or "encoding" or "session"))
            {
                throw Failure($"unknown flag: --{flag}");
            }
        }

        return true;
    }

    public override Answer Usage(CommandLine commandLine) => commandLine switch
    {
        { Command: "" or "list" } => Usage(),
        _ when AsksForHelp(commandLine) => Usage(),
        _ => throw UnknownCommand(commandLine),
    };

    public override EventsRequest ReadEventsRequest(CommandLine commandLine)
    {
        if (commandLine.Operands is [var operand, ..])
        {
            throw Failure($"unknown command \"{operand}\" for \"op list events\"");
        }

        if (!long.TryParse(commandLine.Value("eventid") ?? "0", CultureInfo.InvariantCulture, out var eid))
        {
            var id = commandLine.Value("eventid");
            throw Failure($"invalid argument \"{id}\" for \"--eventid\" flag: strconv.ParseInt: parsing \"{id}\": invalid syntax");
        }

        return eid == 0
            ? new EventsRequest(EventsDirection.Newest, 0)
            : new EventsRequest(commandLine.Has("older") ? EventsDirection.Older : EventsDirection.Newer, eid);
    }

    public override string? PasswordOperand(CommandLine commandLine) => null;

    public override string PasswordPrompt(Scenario scenario) => $"Enter the password for {scenario.Email} at {scenario.Host}: ";

    public override bool WantsBareToken(CommandLine commandLine) =>
        commandLine.Has("raw") || commandLine.Has("r") || commandLine.Value("output") == "raw";

    public override string Line(string text) => $"[ERROR] {LocalTime()} {text}\n";

    public override int ExitCode(int status) => 1;

    public override string FailedRequest(Uri address, string cause) => $"Get \"{address}\": {cause}";

    public override OpFailure NotKnown(string account, Scenario scenario) => scenario.NotKnown switch
    {
        "device" => Failure(
            "No saved device ID. Set the OP_DEVICE environment variable and try again: `export OP_DEVICE=z5fzyh26wmo6xhved5lpvj2xwy`"),
        _ => Failure("Account not found"),
    };

    public override OpFailure WrongPassword() => Failure("Authentication: DB: 401: Unauthorized");

    public override OpFailure SessionEnded() => Failure("Your session expired, sign in to create a new session");

    OpFailure UnknownCommand(CommandLine commandLine) =>
        commandLine.Command.Split(' ') is [var parent, var child]
            ? Failure($"unknown command \"{child}\" for \"op {parent}\"")
            : Failure($"unknown command \"{commandLine.Command}\" for \"op\"");

    static bool AsksForHelp(CommandLine commandLine) => commandLine.Has("help") || commandLine.Has("h");

    static Answer Usage() => Answer.Of("Usage:\n  op [command]\n");

    static string[]? FlagsOf(string command) => command switch
    {
        "--version" => ["version", "v"],
        "signin" => ["raw", "r", "output", "shorthand", "list", "l"],
        "signout" => ["forget"],
        "list events" => ["eventid", "older"],
        "list users" => ["group", "vault"],
        "list groups" => ["user", "vault"],
        "list vaults" => ["user", "group"],
        _ => null,
    };
}
