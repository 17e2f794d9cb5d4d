using System.Diagnostics;
using System.Text.Json.Nodes;
using EventsApiEmulator;

namespace OpCollector.Tests;

/// <summary><c>access</c>, with the shipped program: who can reach what, since when, by whose hand, and how that is known.</summary>
public sealed class AccessSpecs : IDisposable
{
    const string Payroll = "vvvvvvvvvvvvvvvvvvvvvvvvvv";
    const string Finance = "gggggggggggggggggggggggggg";
    const string Alice = "AAAAAAAAAAAAAAAAAAAAAAAAAA";
    const string Bob = "BBBBBBBBBBBBBBBBBBBBBBBBBB";
    const string Carl = "CCCCCCCCCCCCCCCCCCCCCCCCCC";

    static readonly string[] History =
    [
        Event(1, "09:00", "create", "vault", Payroll, ",\"objectName\":\"Payroll\""),
        Event(2, "09:01", "grant", "gva", Payroll, $",\"objectName\":\"Payroll\",\"auxUUID\":\"{Finance}\",\"auxName\":\"Finance\",\"auxInfo\":\"48\""),
        Event(3, "10:00", "join", "gm", Finance, $",\"objectName\":\"Finance\",\"auxUUID\":\"{Bob}\",\"auxName\":\"Bob\",\"auxEmail\":\"bob@acme.example\",\"auxInfo\":\"R\""),
        Event(4, "11:00", "update", "uva", Payroll, $",\"auxUUID\":\"{Carl}\",\"auxName\":\"Carl\",\"auxInfo\":\"52\""),
        Event(5, "12:00", "suspend", "user", Carl),
    ];

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_vault_is_shown_with_everybody_who_reaches_it_on_80_columns()
    {
        var run = await OnTerminalAsync($"access Payroll {Put(History)}");

        run.ExitCode.Should().Be(0, run.ToString());
        run.Lines.Should().Contain(line => line.StartsWith("Finance", StringComparison.Ordinal)
            && line.Contains("48          2026-09-01 09:01Z  Alice", StringComparison.Ordinal));
        run.Lines.Should().Contain(line => line.StartsWith("Bob  ", StringComparison.Ordinal)
            && line.Contains("Finance         48        2026-09-01 10:00Z  Alice", StringComparison.Ordinal));
        run.Lines.Should().Contain(line => line.StartsWith("Carl  ", StringComparison.Ordinal)
            && line.Contains("directly        52        before these", StringComparison.Ordinal));
        run.Stdout.Should().ContainAll(
            "Created 2026-09-01 09:00Z by Alice.", "suspended 2026-09-01 12:00Z by Alice", "rights changed 2026-09-01 11:00Z");
        run.Lines.Should().OnlyContain(line => line.Length <= 80);
    }

    [Fact]
    public async Task A_group_a_person_and_everything_are_shown()
    {
        var file = Put(History);

        (await OnTerminalAsync($"access group:finance {file}")).Stdout.Should().ContainAll("Bob", "member", "Payroll");
        (await OnTerminalAsync($"access bob@acme.example {file}")).Stdout.Should().ContainAll("Finance", "member", "Payroll", "10:00Z");
        var all = await OnTerminalAsync($"access {file}");
        all.Lines.Should().Contain(line => line.StartsWith("Payroll", StringComparison.Ordinal)
            && line.Contains("  2        1       2026-09-01 11:00Z  Alice", StringComparison.Ordinal));
        all.Lines.Should().OnlyContain(line => line.Length <= 80);
    }

    [Fact]
    public async Task In_a_pipe_columns_are_parted_by_TAB_and_nothing_is_cut_or_summed_up()
    {
        var file = Put(History);

        (await _host.RunAsync("access", "Payroll", file)).Should().Be(new FinishedRun(
            0,
            "KIND\tNAME\tEMAIL\tUUID\tTHROUGH\tRIGHT\tSINCE\tBY\tKNOWN\tSTATUS\n" +
                $"group\tFinance\t\t{Finance}\t\t48\t2026-09-01T09:01:00Z\tAlice\tseen\t\n" +
                $"person\tBob\tbob@acme.example\t{Bob}\tFinance\t48\t2026-09-01T10:00:00Z\tAlice\tseen\t\n" +
                $"person\tCarl\t\t{Carl}\t\t52\t\t\tbefore-log\tsuspended\n",
            ""));
        (await _host.RunAsync("access", "group:finance", file)).Lines[1..].Should().Equal(
            $"person\tBob\tbob@acme.example\t{Bob}\t\tmember\t2026-09-01T10:00:00Z\tAlice\tseen\t",
            $"vault\tPayroll\t\t{Payroll}\t\t48\t2026-09-01T09:01:00Z\tAlice\tseen\t");
        (await _host.RunAsync("access", "Bob", file)).Lines[1..].Should().Equal(
            $"group\tFinance\t\t{Finance}\t\tmember\t2026-09-01T10:00:00Z\tAlice\tseen\t",
            $"vault\tPayroll\t\t{Payroll}\tFinance\t48\t2026-09-01T10:00:00Z\tAlice\tseen\t");
        (await _host.RunAsync("access", file)).Lines.Should().Equal(
            "KIND\tNAME\tUUID\tPEOPLE\tGROUPS\tVAULTS\tCHANGED\tBY",
            $"group\tFinance\t{Finance}\t1\t\t1\t2026-09-01T10:00:00Z\tAlice",
            $"vault\tPayroll\t{Payroll}\t2\t1\t\t2026-09-01T11:00:00Z\tAlice");
    }

    [Fact]
    public async Task At_an_earlier_time_it_is_as_it_was_then()
    {
        var run = await _host.RunAsync("access", "Payroll", Put(History), "--at", "2026-09-01T09:30:00Z", "--output", "json");

        var people = JsonNode.Parse(run.Stdout)!["people"]!.AsArray();
        people.Select(person => (string?)person!["name"]).Should().Equal("Carl");
        people[0]!["known"]!.ToString().Should().Be("before-log");
        people[0]!["began"].Should().BeNull();
    }

    [Fact]
    public async Task As_json_each_way_has_its_beginning_with_event_and_hand()
    {
        var run = await _host.RunAsync("access", "Payroll", Put(History), "--output", "json");

        run.Lines.Should().ContainSingle();
        var json = JsonNode.Parse(run.Stdout)!;
        var bob = json["people"]!.AsArray().Single(person => (string?)person!["uuid"] == Bob)!;
        bob["through"]!["name"]!.ToString().Should().Be("Finance");
        var members = bob.AsObject().Where(member => member.Key != "through");
        members.Select(member => $"{member.Key}={member.Value?.ToJsonString()}").Should().Equal(
            "kind=\"person\"", $"uuid=\"{Bob}\"", "name=\"Bob\"", "email=\"bob@acme.example\"", "suspended=false", "rights=\"48\"",
            "known=\"seen\"",
            $$"""began={"time":"2026-09-01T10:00:00Z","event":"3","by":{"kind":"person","uuid":"{{Alice}}","name":"Alice","email":null""" + "}}",
            "changed=");
        json["at"]!.ToString().Should().Be("2026-09-01T12:00:00Z");
    }

    [Fact]
    public async Task Events_of_the_Events_API_and_a_pipe_do_as_well()
    {
        var page = $$"""
            {"items":[{"uuid":"E1","timestamp":"2026-09-01T09:00:00Z","actor_uuid":"{{Alice}}","actor_details":{"uuid":"{{Alice}}","name":"Alice"},
            "action":"grant","object_type":"uva","object_uuid":"{{Payroll}}","aux_uuid":"{{Bob}}","aux_details":{"uuid":"{{Bob}}","name":"Bob","email":"b@x"},"aux_info":"52"}]}
            """;
        var file = Put(page);
        var start = new ProcessStartInfo("sh", ["-c", $"'{ShippedFiles.OpCollector}' access Bob - < '{file}'"]);

        using var running = new RunningProcess(start);
        (await running.ToEndAsync()).Stdout.Should().Contain(
            $"vault\t\t\t{Payroll}\t\t52\t2026-09-01T09:00:00Z\tAlice\tseen");
    }

    [Fact]
    public async Task What_cannot_be_answered_is_refused_with_the_reason()
    {
        var file = Put(History);

        (await _host.RunAsync("access", "Payrol", file)).Should().Match<FinishedRun>(run =>
            run.ExitCode == 64 && run.Complaint.Contains("did you mean Payroll?", StringComparison.Ordinal));
        (await _host.RunAsync("access", "Payroll", file, "--since", "7d")).ExitCode.Should().Be(64);
        (await _host.RunAsync("access", "Payroll", file, "--at", "noon")).ExitCode.Should().Be(64);
        (await _host.RunAsync("access", "", file)).ExitCode.Should().Be(64);
        (await _host.RunAsync("access", "Payroll", Put())).Should().Match<FinishedRun>(run =>
            run.ExitCode == 65 && run.Complaint.Contains("no audit event", StringComparison.Ordinal));
        (await _host.RunAsync("access", "Payroll", Put([.. History, "nonsense"]))).Should().Match<FinishedRun>(run =>
            run.ExitCode == 65 && run.Stdout.Contains("Bob", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_time_before_the_events_is_answered_with_a_warning()
    {
        var run = await _host.RunAsync("access", "Payroll", Put(History), "--at", "2026-08-01");

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().Contain("begin at 2026-09-01 09:00:00Z, after the time that is asked for");
    }

    [Fact]
    public async Task People_of_one_name_are_told_apart_and_text_of_others_steers_nothing()
    {
        var run = await OnTerminalAsync($"access {Payroll} " + Put(
            Event(1, "09:00", "grant", "uva", Payroll, $",\"auxUUID\":\"{Bob}\",\"auxName\":\"Bob\",\"auxEmail\":\"bob@acme.example\""),
            Event(2, "09:00", "grant", "uva", Payroll, $",\"auxUUID\":\"{Carl}\",\"auxName\":\"BOB\",\"auxInfo\":\"\\u202e\\n52\"")));

        run.Lines.Should().Contain(line => line.StartsWith("bob@acme.example ", StringComparison.Ordinal));
        run.Lines.Should().Contain(line => line.StartsWith(Carl.Substring(0, 19), StringComparison.Ordinal));
        run.Stdout.Should().NotContain("\u202e");
        run.Lines.Should().OnlyContain(line => line.Length <= 80);
    }

    [Fact]
    public async Task A_moment_that_is_still_to_come_is_not_the_end_of_the_events()
    {
        var late = Event(9, "09:00", "revoke", "gva", Payroll, $",\"auxUUID\":\"{Finance}\"")
            .Replace("2026-09-01T", "2999-01-01T", StringComparison.Ordinal);

        var run = await _host.RunAsync("access", "Payroll", Put([.. History, late]), "--output", "json");

        JsonNode.Parse(run.Stdout)!["people"]!.AsArray().Select(person => (string?)person!["name"]).Should().Equal("Bob", "Carl");
    }

    [Fact]
    public async Task From_op_today_s_lists_are_read_beside_the_log()
    {
        _host.Account.Append(History);
        _host.Account
            .With("members", new JsonObject { [Finance] = Users((Bob, "MEMBER"), ("DDDDDDDDDDDDDDDDDDDDDDDDDD", "MEMBER")) })
            .With("vaultUsers", new JsonObject { [Payroll] = Users() })
            .With("vaultGroups", new JsonObject { [Payroll] = new JsonArray(new JsonObject { ["uuid"] = Finance, ["name"] = "Finance" }) });

        var run = await _host.RunAsync("access", "Payroll", "--since", "2026-01-01", "--output", "json");

        run.ExitCode.Should().Be(0, run.ToString());
        JsonNode.Parse(run.Stdout)!["people"]!.AsArray().Select(person => $"{person!["uuid"]} {person["known"]}").Should().BeEquivalentTo(
            $"{Bob} seen", "DDDDDDDDDDDDDDDDDDDDDDDDDD list-only", $"{Carl} disagreed");
        Directory.Exists(Path.Combine(_host.Root, "state")).Should().BeFalse("nothing is kept of a look");
    }

    [Fact]
    public async Task Where_op_cannot_list_the_users_of_a_vault_the_log_answers()
    {
        _host.Account.Append(History);
        _host.Account.With("version", "0.5.5").With("members", new JsonObject { [Finance] = Users() });

        var run = await _host.RunAsync("access", "Payroll", "--since", "2026-01-01");

        run.ExitCode.Should().Be(0, run.ToString());
        run.Stderr.Should().Contain("op 0.5.5 does not list who can use a vault");
        run.Stdout.Should().ContainAll("Bob", "Carl");
    }

    [Fact]
    public async Task From_the_Events_API_the_audit_events_are_read()
    {
        using var api = new EventsApi();
        _host.From(api);
        var time = DateTimeOffset.UtcNow.AddHours(-2);
        api.Add(
            "auditevents", time, "E1",
            $$"""{"uuid":"E1","timestamp":"{{time:O}}","actor_uuid":"{{Alice}}","action":"grant","object_type":"uva","object_uuid":"{{Payroll}}","aux_uuid":"{{Bob}}","aux_info":"52"}""");

        var run = await _host.RunAsync("access", Payroll, "--since", "1d");

        run.Stdout.Should().Contain(Bob);
        run.Stderr.Should().Contain("This source has no lists of members and of access");
    }

    [Fact]
    public async Task From_op_a_person_and_a_group_have_today_s_lists_too()
    {
        _host.Account.Append(History);
        _host.Account
            .With("members", new JsonObject { [Finance] = Users((Bob, "MANAGER")) })
            .With("userGroups", new JsonObject { [Bob] = Named(("HHHHHHHHHHHHHHHHHHHHHHHHHH", "Human Resources")) })
            .With("userVaults", new JsonObject { [Bob] = Named((Payroll, "Payroll"), ("wwwwwwwwwwwwwwwwwwwwwwwwww", "Wages")) })
            .With("groupVaults", new JsonObject
            {
                [Finance] = Named(("yyyyyyyyyyyyyyyyyyyyyyyyyy", "Budget")),
                ["HHHHHHHHHHHHHHHHHHHHHHHHHH"] = Named(),
            });

        (await _host.RunAsync("access", "Bob", "--since", "2026-01-01")).Lines[1..].Should().Equal(
            $"group\tFinance\t\t{Finance}\t\tmember\t2026-09-01T10:00:00Z\tAlice\tdisagreed\t",
            "group\tHuman Resources\t\tHHHHHHHHHHHHHHHHHHHHHHHHHH\t\t\t\t\tlist-only\t",
            "vault\tBudget\t\tyyyyyyyyyyyyyyyyyyyyyyyyyy\tFinance\t\t\t\tdisagreed\t",
            $"vault\tPayroll\t\t{Payroll}\tFinance\t48\t2026-09-01T10:00:00Z\tAlice\tdisagreed\t",
            "vault\tWages\t\twwwwwwwwwwwwwwwwwwwwwwwwww\t\t\t\t\tlist-only\t");
        (await _host.RunAsync("access", "Finance", "--since", "2026-01-01")).Lines[1..].Should().Equal(
            $"person\tBob\tbob@acme.example\t{Bob}\t\tmember\t2026-09-01T10:00:00Z\tAlice\tdisagreed\t",
            "vault\tBudget\t\tyyyyyyyyyyyyyyyyyyyyyyyyyy\t\t\t\t\tlist-only\t",
            $"vault\tPayroll\t\t{Payroll}\t\t48\t2026-09-01T09:01:00Z\tAlice\tseen\t");
    }

    [Theory]
    [InlineData("Bob", "op 0.5.5 does not list what a user can use")]
    [InlineData("Finance", "op 0.5.5 does not list what a group can use")]
    public async Task Where_op_cannot_list_what_somebody_has_it_is_said_and_the_log_answers(string name, string why)
    {
        _host.Account.Append(History);
        _host.Account.With("version", "0.5.5").With("members", new JsonObject { [Finance] = Users((Bob, "MEMBER")) });

        var run = await _host.RunAsync("access", name, "--since", "2026-01-01");

        run.ExitCode.Should().Be(0, run.ToString());
        run.Stderr.Should().Contain(why);
        run.Stdout.Should().Contain("Payroll");
    }

    [Fact]
    public async Task What_the_source_shows_and_is_no_event_is_said_with_its_place_and_by_the_exit_code()
    {
        _host.Account.Append([.. History, "@eid=9\t{\"no\":\"eid\"}"]);

        foreach (var command in new[] { "access", "report" })
        {
            var run = await _host.RunAsync(command, "--since", "2026-01-01");

            run.ExitCode.Should().Be(65, run.ToString());
            run.Stderr.Should().MatchRegex("audit:sha256:[0-9a-f]+: .*, and left out");
            run.Stdout.Should().Contain("Payroll");
        }
    }

    [Theory]
    [InlineData("access")]
    [InlineData("report")]
    public async Task A_period_without_an_event_is_called_that(string command)
    {
        _host.Account.Append(History);

        var run = await _host.RunAsync(command, "--since", "1s");

        run.Stderr.Should().Contain("The log has no event from").And.NotContain("backfill");
    }

    [Theory]
    [InlineData("access", 1)]
    [InlineData("access", 2)]
    [InlineData("access Payroll --output json", 2)]
    [InlineData("report --out {0}", 1)]
    [InlineData("report --out {0}", 2)]
    public async Task Who_interrupts_it_gets_no_answer_and_keeps_the_file_of_before(string command, int call)
    {
        var file = Path.Combine(_host.Root, "last-week.html");
        await File.WriteAllTextAsync(file, "last week");
        _host.Account.Log(250);
        _host.Account.WithFault($$"""{"command":"list events","call":{{call}},"do":"wait"}""");
        using var run = _host.Start([.. command.Replace("{0}", file, StringComparison.Ordinal).Split(' '), "--since", "2000-01-01"]);
        await Until.ExistsAsync(Path.Combine(_host.Home, "op-waiting"));

        run.Signal("INT");

        var ended = await run.ToEndAsync();
        ended.Should().BeEquivalentTo(new { ExitCode = 130, Stdout = "" });
        ended.LastWords.Should().Contain("Stopped before all events were read, so nothing is shown and no file is written");
        (await File.ReadAllTextAsync(file)).Should().Be("last week");
    }

    [Fact]
    public async Task A_day_is_asked_for_to_its_end()
    {
        var file = Put(History);

        (await _host.RunAsync("access", "Payroll", file, "--at", "2026-09-01")).Lines.Should().HaveCount(4);
        (await _host.RunAsync("access", "Payroll", file, "--at", "2026-09-01T00:00:00Z")).Lines.Should().HaveCount(2);
        (await _host.RunAsync("report", file, "--since", "2026-09-01", "--until", "2026-09-01")).Stdout.Should().Contain(", 5 events,");
        (await _host.RunAsync("report", file, "--until", "2026-08-31")).Stdout.Should().Contain(", 0 events,");
    }

    // The harness appends --config FILE, which the shell sees as $0 and $1.
    async Task<FinishedRun> OnTerminalAsync(string arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script of util-linux makes the terminal");
        using var running = _host.Start(
            "/bin/sh", ["-c", $"exec /usr/bin/script -qec \"{ShippedFiles.OpCollector} {arguments} --config $1\" /dev/null"]);
        var run = await running.ToEndAsync();
        return run with { Stdout = run.Stdout.Replace("\r", "", StringComparison.Ordinal) };
    }

    static JsonArray Named(params (string Uuid, string Name)[] things) => new(
        [.. things.Select(thing => new JsonObject { ["uuid"] = thing.Uuid, ["name"] = thing.Name })]);

    string Put(params string[] lines)
    {
        var file = Path.Combine(_host.Root, $"{Guid.NewGuid():N}.ndjson");
        File.WriteAllLines(file, lines);
        return file;
    }

    static JsonArray Users(params (string Uuid, string Role)[] users) => new(
        [.. users.Select(user => new JsonObject { ["uuid"] = user.Uuid, ["name"] = "", ["role"] = user.Role })]);

    static string Event(int eid, string time, string action, string type, string on, string more = "") =>
        $$"""{"eid":{{eid}},"time":"2026-09-01T{{time}}:00Z","actorUuid":"{{Alice}}","actorName":"Alice","action":"{{action}}","objectType":"{{type}}","objectUuid":"{{on}}"{{more}}}""";
}
