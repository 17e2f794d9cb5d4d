using System.Globalization;
using System.Text.Json;

namespace OpEmulator.Scenarios;

/// <summary>Reads a scenario and refuses what it does not understand, so that a misspelt member cannot make a test pass.</summary>
internal static class ScenarioFile
{
    static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    public static Scenario Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            return new Scenario();
        }

        using var document = JsonDocument.Parse(File.ReadAllBytes(path), Options);
        var scenario = new Scenario { Stamp = file.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture) };
        foreach (var member in document.RootElement.EnumerateObject())
        {
            scenario = Read(scenario, member);
        }

        return scenario;
    }

    static Scenario Read(Scenario scenario, JsonProperty member)
    {
        try
        {
            return Read(scenario, member.Name, member.Value);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ScenarioException($"\"{member.Name}\": {e.Message}");
        }
    }

    static Scenario Read(Scenario scenario, string name, JsonElement value) => name switch
    {
        "version" => scenario with { Version = Text(value) },
        "account" => scenario with { Account = Text(value) },
        "email" => scenario with { Email = Text(value) },
        "latestSignin" => scenario with { LatestSignin = Text(value) },
        "known" => scenario with { Known = value.GetBoolean() },
        "notKnown" => scenario with { NotKnown = OneOf(value, "account", "device") },
        "password" => scenario with { Password = Text(value) },
        "totpSecret" => scenario with { TotpSecret = value.GetString() },
        "totpPromptDelay" => scenario with { TotpPromptDelay = value.GetInt32() },
        "newer" => scenario with { Newer = Order(value) },
        "inclusive" => scenario with { Inclusive = value.GetBoolean() },
        "pageSize" => scenario with { PageSize = value.GetInt32() },
        "minEid" => scenario with { MinEid = value.GetInt64() },
        "empty" => scenario with { Empty = OneOf(value, "[]", "null", "") },
        "layout" => scenario with { Pretty = OneOf(value, "compact", "pretty") == "pretty" },
        "sessionLifeCalls" => scenario with { SessionLifeCalls = value.GetInt32() },
        "endOtherSessions" => scenario with { EndOtherSessions = value.GetBoolean() },
        "sessionNotStored" => scenario with { SessionNotStored = value.GetBoolean() },
        "parallelFaults" => scenario with { ParallelFaults = value.GetBoolean() },
        "permission" => scenario with { MayListEvents = OneOf(value, "all", "none") == "all" },
        "unknownIds" => scenario with { UnknownIds = OneOf(value, "answered", "refused", "empty") },
        "answerTime" => scenario with { AnswerTime = value.GetInt32() },
        "mostAtOnce" => scenario with { MostAtOnce = value.GetInt32() },
        "endOfLife" => scenario with { EndOfLife = value.GetBoolean() },
        "users" => scenario with { Users = value.GetRawText() },
        "groups" => scenario with { Groups = value.GetRawText() },
        "vaults" => scenario with { Vaults = value.GetRawText() },
        "members" => scenario with { Members = ReadLists(value) },
        "vaultUsers" => scenario with { VaultUsers = ReadLists(value) },
        "vaultGroups" => scenario with { VaultGroups = ReadLists(value) },
        "userGroups" => scenario with { UserGroups = ReadLists(value) },
        "userVaults" => scenario with { UserVaults = ReadLists(value) },
        "groupVaults" => scenario with { GroupVaults = ReadLists(value) },
        "generate" => scenario with { Generate = ReadGenerate(value) },
        "faults" => scenario with { Faults = ReadFaults(value) },
        _ => throw new ScenarioException($"A scenario has no member \"{name}\"."),
    };

    static Dictionary<string, string> ReadLists(JsonElement value) =>
        value.EnumerateObject().ToDictionary(list => list.Name, list => list.Value.GetRawText());

    static GeneratedEvents ReadGenerate(JsonElement value)
    {
        var rule = new GeneratedEvents();
        foreach (var member in value.EnumerateObject())
        {
            rule = member.Name switch
            {
                "count" => rule with { Count = member.Value.GetInt32() },
                "first" => rule with { First = member.Value.GetInt64() },
                "step" => rule with { Step = member.Value.GetInt64() },
                "start" => rule with { Start = member.Value.GetDateTimeOffset() },
                "every" => rule with { Every = Duration(Text(member.Value)) },
                _ => throw new ScenarioException($"\"generate\" has no member \"{member.Name}\"."),
            };
        }

        return rule;
    }

    static List<Fault> ReadFaults(JsonElement value)
    {
        var faults = new List<Fault>();
        foreach (var element in value.EnumerateArray())
        {
            faults.Add(ReadFault(element));
        }

        return faults;
    }

    static Fault ReadFault(JsonElement value)
    {
        var fault = new Fault { Do = Kind(Text(value.GetProperty("do"))) };
        foreach (var member in value.EnumerateObject())
        {
            fault = member.Name switch
            {
                "do" => fault,
                "command" => fault with { Command = Command(member.Value) },
                "call" => fault with { Call = member.Value.GetInt64() },
                "times" => fault with { Times = member.Value.GetInt64() },
                "code" => fault with { Code = member.Value.GetInt32() },
                "status" => fault with { Status = member.Value.GetInt32() },
                "ms" => fault with { Milliseconds = member.Value.GetInt32() },
                "stdout" => fault with { Stdout = Text(member.Value) },
                "stderr" => fault with { Stderr = Text(member.Value) },
                "text" => fault with { Text = Text(member.Value) },
                _ => throw new ScenarioException($"A fault has no member \"{member.Name}\"."),
            };
        }

        return fault.Command.Length > 0 ? fault : throw new ScenarioException("A fault needs a \"command\".");
    }

    static FaultKind Kind(string name) => name switch
    {
        "hang" => FaultKind.Hang,
        "hang-tree" => FaultKind.HangTree,
        "ignore-sigterm" => FaultKind.IgnoreSigterm,
        "slow" => FaultKind.Slow,
        "wait" => FaultKind.Wait,
        "flood-stderr" => FaultKind.FloodStderr,
        "chatter" => FaultKind.Chatter,
        "exit" => FaultKind.Exit,
        "http" => FaultKind.Http,
        "network" => FaultKind.Network,
        "expire" => FaultKind.Expire,
        "half" => FaultKind.Half,
        "half-fail" => FaultKind.HalfFail,
        "html" => FaultKind.Html,
        "garbage" => FaultKind.Garbage,
        "crash" => FaultKind.Crash,
        "orphan" => FaultKind.Orphan,
        "repeat" => FaultKind.Repeat,
        _ => throw new ScenarioException($"There is no fault \"{name}\"."),
    };

    static NewerOrder Order(JsonElement value) => OneOf(value, "ascending", "descending", "newest100", "shuffled") switch
    {
        "ascending" => NewerOrder.Ascending,
        "descending" => NewerOrder.Descending,
        "newest100" => NewerOrder.Newest100,
        _ => NewerOrder.Shuffled,
    };

    static string Command(JsonElement value) =>
        OneOf(value, "--version", "signin", "signout", "list events", "list users", "list groups", "list vaults");

    static TimeSpan Duration(string text)
    {
        var unit = text.TrimStart("0123456789".ToCharArray());
        var number = long.Parse(text.AsSpan(0, text.Length - unit.Length), CultureInfo.InvariantCulture);
        return unit switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" => TimeSpan.FromDays(number),
            _ => throw new ScenarioException($"\"{text}\" is not a number with ms, s, m, h or d."),
        };
    }

    static string OneOf(JsonElement value, params ReadOnlySpan<string> choices)
    {
        var text = Text(value);
        return choices.Contains(text) ? text : throw new ScenarioException($"\"{text}\" is none of \"{string.Join("\", \"", choices)}\".");
    }

    static string Text(JsonElement value) => value.GetString() ?? throw new ScenarioException("A text is needed where null stands.");
}
