using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>When the lists of names are read, what is kept of them, and that no event waits for them.</summary>
public sealed class NamingStageSpecs : IDisposable
{
    const string Alice = "CTHSZQHLERKQXM2YFC3S4U5ZU4";
    const string Bob = "Q2EV3CGL2IT34UAS24UZZDUOWU";
    const string Eve = "EVEEVEEVEEVEEVEEVEEVEEVEEV";
    const string Owners = "svb2hayslv7njfc4eadqzo6tr4";
    const string Shared = "d2k73hwo5xsmh5gwed5sg3mchi";

    static readonly string[] AllLists = ["list users --account=acme", "list groups --account=acme", "list vaults --account=acme"];

    readonly Sandbox _host = new();
    long _eid = 1000;

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task All_lists_are_read_with_the_first_event_and_not_again_for_what_they_hold()
    {
        Happens(Alice, "gm", Owners, Bob);
        var first = await ListsReadAsync();
        Happens(Bob, "uva", Shared, Alice);
        var second = await ListsReadAsync();

        first.Should().Equal(AllLists);
        second.Should().BeEmpty();
        Events.Select(each => (string?)each["actorName"]).Should().Equal("Alice Ångström", "Bob");
        Events.Select(each => (string?)each["objectName"]).Should().Equal("Owners", "Shared");
        Events.Select(each => (string?)each["auxEmail"]).Should().Equal("bob@example.com", "alice@example.com");
    }

    [Fact]
    public async Task A_run_without_events_reads_none()
    {
        (await ListsReadAsync()).Should().BeEmpty();

        File.Exists(_host.State("names.json")).Should().BeFalse();
    }

    [Theory]
    [InlineData("user", "list users")]
    [InlineData("group", "list groups")]
    [InlineData("vault", "list vaults")]
    public async Task A_new_uuid_costs_the_list_of_its_kind_once(string type, string list)
    {
        Happens(Alice, "user", Bob);
        await ListsReadAsync();
        _host.Account.With($"{type}s", JsonNode.Parse("""[{"uuid":"new","name":"New","email":"new@acme.example"}]"""));
        Happens(Alice, type, "new");
        var first = await ListsReadAsync();
        Happens(Alice, type, "new");
        var second = await ListsReadAsync();

        first.Should().Equal($"{list} --account=acme");
        second.Should().BeEmpty();
        Events.Skip(1).Select(each => (string?)each["objectName"]).Should().Equal("New", "New");
    }

    [Fact]
    public async Task A_uuid_that_was_looked_for_in_vain_is_not_looked_for_again()
    {
        Happens(Alice, "user", Bob);
        await ListsReadAsync();
        Happens(Eve, "user", Bob);
        var first = await ListsReadAsync();
        Happens(Eve, "user", Bob);
        var second = await ListsReadAsync();

        first.Should().ContainSingle();
        second.Should().BeEmpty();
        Events[^1]["summary"]!.ToString().Should().Be($"{Eve} updated Bob");
        Events[^1].AsObject().Should().NotContainKey("actorName");
        Names["users"]!["missing"]!.AsObject().Should().ContainKey(Eve);
    }

    [Fact]
    public async Task In_a_long_backlog_of_people_who_are_gone_each_list_is_read_once()
    {
        var eids = Enumerable.Range(1, 350).Select(i => (long)i).ToArray();
        _host.Account.Append(
            [.. eids.Select(
                eid =>
                    $$"""{"eid":{{eid}},"time":"2026-01-01T00:00:00Z","actorUuid":"GONE{{eid}}","action":"update","objectType":"vault","objectUuid":"gone{{eid}}"}""")]);

        var lists = await ListsReadAsync();

        lists.Should().Equal(AllLists);
        _host.Delivered.Should().Equal(eids);
        Names["users"]!["missing"]!.AsObject().Should().HaveCount(350);
    }

    [Fact]
    public async Task All_are_read_again_when_the_book_is_old()
    {
        Happens(Alice, "user", Bob);
        await ListsReadAsync();
        Age(Names, TimeSpan.FromHours(6));
        Happens(Alice, "user", Bob);

        (await ListsReadAsync()).Should().Equal(AllLists);
    }

    [Fact]
    public async Task A_book_of_a_clock_that_was_wrong_is_written_anew()
    {
        Happens(Alice, "user", Bob);
        await ListsReadAsync();
        Age(Names, -TimeSpan.FromDays(1));
        Happens(Alice, "user", Bob);
        var first = await ListsReadAsync();
        Happens(Alice, "user", Bob);
        var second = await ListsReadAsync();

        first.Should().Equal(AllLists);
        second.Should().BeEmpty();
    }

    [Fact]
    public async Task Who_has_left_keeps_the_name_and_is_marked()
    {
        Happens(Alice, "user", Bob);
        await ListsReadAsync();
        _host.Account.With("users", JsonNode.Parse($$"""[{"uuid":"{{Alice}}","name":"Alice B","email":"alice@example.com"}]"""));
        Age(Names, TimeSpan.FromDays(1));
        Happens(Bob, "user", Alice);
        await ListsReadAsync();

        Events[^1]["summary"]!.ToString().Should().Be("Bob updated Alice B");
        Names["users"]!["names"]!.AsArray().Single(each => (string?)each!["uuid"] == Bob)!["gone"].Should().NotBeNull();
    }

    [Theory]
    [InlineData("""{"command":"list users","do":"http","status":403}""", "list users")]
    [InlineData("""{"command":"list users","do":"hang"}""", "list users")]
    [InlineData("""{"command":"list users","do":"garbage"}""", "list users")]
    [InlineData("""{"command":"list users","do":"half"}""", "list users")]
    [InlineData("""{"command":"list users","do":"exit","stdout":"Specify a command"}""", "list users")]
    public async Task A_list_that_fails_costs_the_names_and_a_line_and_no_event(string fault, string list)
    {
        _host.Configuration["source"]!["op"]!["timeout"] = "1s";
        _host.Account.WithFault(fault);
        Happens(Alice, "vault", Shared);

        var run = await _host.CollectAsync();
        _host.Account.ForgetCalls();
        Happens(Alice, "vault", Shared);
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Stderr.Split('\n').Where(line => line.Contains(" WRN ", StringComparison.Ordinal)
            && !line.Contains("First run", StringComparison.Ordinal))
            .Should().ContainSingle().Which.Should().Contain(list).And.Contain("enrichment.lists").And.NotContain("Activity Log");
        next.Should().Be(new FinishedRun(0, "", ""));
        Lists.Should().BeEmpty("a failed list is tried again after refreshAfter");
        Events.Select(each => (string?)each["summary"])
            .Should().Equal($"{Alice} updated the vault Shared", $"{Alice} updated the vault Shared");
    }

    [Fact]
    public async Task A_run_that_ends_while_a_list_hangs_does_not_make_the_next_one_hang()
    {
        _host.Configuration["maxRunTime"] = "3s";
        _host.Account.WithFault("""{"command":"list users","do":"hang"}""");
        Happens(Alice, "vault", Shared);

        var run = await _host.CollectAsync();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        var next = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        next.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(1000);
    }

    [Fact]
    public async Task What_a_run_did_not_come_to_read_is_read_by_the_next()
    {
        _host.Configuration["maxRunTime"] = "3s";
        _host.Account.WithFault("""{"command":"list users","do":"hang"}""");
        Happens(Alice, "vault", Shared);
        await _host.CollectAsync();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;

        var lists = await ListsReadAsync();

        lists.Should().Contain("list vaults --account=acme");
        Events.Single()["objectName"]!.ToString().Should().Be("Shared");
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("""{"format":99}""")]
    [InlineData(
        """{"format":1,"source":"op:other","users":{"names":[],"missing":{}},"groups":{"names":[],"missing":{}},"vaults":{"names":[],"missing":{}}}""")]
    [InlineData("""{"format":1,"source":"op:acme"}""")]
    [InlineData(
        """{"format":1,"source":"op:acme","users":{"names":[null],"missing":{}},"groups":{"names":[],"missing":{}},"vaults":{"names":[],"missing":{}}}""")]
    public async Task A_book_that_cannot_be_used_is_written_anew(string content)
    {
        Happens(Alice, "vault", Shared);
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("names.json"), content);
        Happens(Alice, "vault", Shared);

        var lists = await ListsReadAsync();

        lists.Should().Equal(AllLists);
        Events[^1]["actorName"]!.ToString().Should().Be("Alice Ångström");
    }

    [Fact]
    public async Task A_book_that_cannot_be_written_holds_nothing_up()
    {
        Happens(Alice, "vault", Shared);
        Directory.CreateDirectory(_host.State("names.json.tmp/in-the-way"));
        File.SetUnixFileMode(_host.State(""), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().Contain("names.json");
        Events.Single()["summary"]!.ToString().Should().Be("Alice Ångström updated the vault Shared");
    }

    [Fact]
    public async Task Nothing_but_uuid_name_and_email_is_kept()
    {
        _host.Account.With("version", "0.2.1");
        _host.Account.With(
            "groups",
            JsonNode.Parse(
                $$$"""[{"recoverableKeyset":{"encPriKey":{"data":"private key"}},"pubKey":{"n":"key"},"uuid":"{{{Owners}}}","type":"O","name":"Owners","desc":"secret words"}]"""));
        Happens(Alice, "gm", Owners, Bob);

        await _host.CollectAsync();

        Events.Single()["summary"]!.ToString().Should().Be("Alice Ångström updated the membership of Bob in the group Owners");
        var kept = await File.ReadAllTextAsync(_host.State("names.json"));
        kept.Should().NotContain("key").And.NotContain("secret words").And.NotContain("avatar");
        File.GetUnixFileMode(_host.State("names.json")).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("""[{"uuid":"EVEEVEEVEEVEEVEEVEEVEEVEEV","name":"Eve","email":"eve@acme.example","state":"S"}]""")]
    [InlineData("""[{"id":"EVEEVEEVEEVEEVEEVEEVEEVEEV","name":"Eve","email":"eve@acme.example","type":"MEMBER","state":"SUSPENDED"}]""")]
    public async Task Files_give_names_that_op_does_not(string content)
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "more.json"), content);
        _host.Configuration["enrichment"] = JsonNode.Parse("""{"lists":["more.json"]}""");
        Happens(Eve, "user", Bob);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        Events.Single()["summary"]!.ToString().Should().Be("Eve updated Bob");
        Events.Single()["actorEmail"]!.ToString().Should().Be("eve@acme.example");
    }

    [Theory]
    [InlineData(null, "does not exist")]
    [InlineData("{}", "not a JSON list")]
    public async Task A_file_that_gives_none_is_told_and_holds_nothing_up(string? content, string complaint)
    {
        if (content is not null)
        {
            await File.WriteAllTextAsync(Path.Combine(_host.Root, "more.json"), content);
        }

        _host.Configuration["enrichment"] = JsonNode.Parse("""{"lists":["more.json"]}""");
        Happens(Alice, "user", Bob);

        var run = await _host.CollectAsync();
        var check = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().MatchRegex($@"opcollector\.json:1:\d+: enrichment\.lists\[0\]: .*more\.json.* {complaint}");
        check.ExitCode.Should().Be(78);
        check.Stdout.Should().MatchRegex($"✗ names .*{complaint}");
        _host.Delivered.Should().Equal(1000);
    }

    [Fact]
    public async Task A_dry_run_reads_names_and_leaves_none()
    {
        Happens(Alice, "user", Bob);
        await ListsReadAsync();
        var before = await File.ReadAllTextAsync(_host.State("names.json"));
        _host.Account.With("users", JsonNode.Parse($$"""[{"uuid":"{{Eve}}","name":"Eve","email":"eve@acme.example"}]"""));
        Happens(Eve, "user", Bob);

        var run = await _host.CollectAsync("--dry-run");

        run.Stdout.Should().Contain("\"summary\":\"Eve updated Bob\"");
        (await File.ReadAllTextAsync(_host.State("names.json"))).Should().Be(before);
    }

    [Fact]
    public async Task A_backfill_uses_the_same_book()
    {
        Happens(Alice, "user", Bob);
        await ListsReadAsync();

        _host.Account.ForgetCalls();
        await _host.RunAsync("backfill", "--from", "1");

        Lists.Should().BeEmpty();
        Events.Select(each => (string?)each["summary"]).Should().Equal("Alice Ångström updated Bob", "Alice Ångström updated Bob");
    }

    JsonObject Names => JsonNode.Parse(File.ReadAllText(_host.State("names.json")))!.AsObject();

    JsonNode[] Events => [.. File.ReadAllLines(_host.Output).Select(line => JsonNode.Parse(line)!)];

    string[] Lists => [.. _host.Account.Calls.Where(
        call => call.StartsWith("list ", StringComparison.Ordinal) && !call.StartsWith("list events", StringComparison.Ordinal))];

    async Task<string[]> ListsReadAsync()
    {
        _host.Account.ForgetCalls();
        var run = await _host.CollectAsync();
        run.ExitCode.Should().Be(0, run.Stderr);
        return Lists;
    }

    // As if the book had been written earlier.
    void Age(JsonObject names, TimeSpan by)
    {
        foreach (var list in names.Select(member => member.Value).OfType<JsonObject>())
        {
            var read = list["read"]!.GetValue<DateTimeOffset>() - by;
            (list["read"], list["tried"]) = (JsonValue.Create(read), JsonValue.Create(read));
        }

        File.WriteAllText(_host.State("names.json"), names.ToJsonString());
    }

    void Happens(string actor, string type, string target, string? aux = null)
    {
        var also = aux is null ? "" : $",\"auxUUID\":\"{aux}\"";
        _host.Account.Append(
            $$"""{"eid":{{_eid++}},"time":"2026-09-01T00:00:00Z","actorUuid":"{{actor}}","action":"update","objectType":"{{type}}","objectUuid":"{{target}}"{{also}}}""");
    }
}
