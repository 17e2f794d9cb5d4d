using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>
/// <c>group:NAME</c> in a watch list: when op is asked who is in the group, what is kept of it, and that no event waits for it.
/// </summary>
public sealed class FollowedGroupsSpecs : IDisposable
{
    const string Alice = "CTHSZQHLERKQXM2YFC3S4U5ZU4";
    const string Bob = "Q2EV3CGL2IT34UAS24UZZDUOWU";
    const string Auditors = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
    const string Asked = $"list users --group={Auditors} --account=acme";

    readonly Sandbox _host = new();
    long _eid;

    public FollowedGroupsSpecs()
    {
        _host.Account.With("groups", JsonNode.Parse($$"""[{"uuid":"{{Auditors}}","name":"Auditors"}]"""));
        Consists(Alice);
        Trusts("group:Auditors");
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Its_members_are_read_with_the_first_event_and_again_when_the_book_is_old()
    {
        Invites(Alice);
        Invites(Bob);
        var first = await AskedInRunAsync();
        Consists(Alice, Bob);
        Invites(Bob);
        var second = await AskedInRunAsync();
        var third = await AskedInRunAsync();
        Age(TimeSpan.FromHours(7));
        var idle = await AskedInRunAsync();
        Invites(Bob);
        var later = await AskedInRunAsync();

        new[] { first, second, third, idle, later }.Should().Equal(1, 0, 0, 0, 1);
        Found.Should().Equal("2 by Bob", "3 by Bob");
    }

    [Fact]
    public async Task A_group_that_cannot_be_read_costs_a_line_and_its_members_stay()
    {
        Invites(Alice);
        await _host.CollectAsync();
        Age(TimeSpan.FromHours(7));
        _host.Account.With("members", new JsonObject());
        Invites(Alice);
        Invites(Bob);

        var run = await _host.CollectAsync();
        Invites(Alice);
        var next = await _host.CollectAsync();

        run.Complaint.Should().Contain("op list users --group")
            .And.Contain($"the members of the group {Auditors} that are known from before");
        next.Should().Be(new FinishedRun(0, "", ""));
        Found.Should().Equal("3 by Bob");
    }

    [Fact]
    public async Task A_group_that_nobody_knows_is_named_and_makes_nobody_a_stranger()
    {
        Trusts("group:Auditers");
        Invites(Alice);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().Contain("detection.lists.admins: \"group:Auditers\" is a group that is not found");
        Calls(Asked).Should().Be(0);
        Found.Should().BeEmpty();
    }

    [Fact]
    public async Task Where_op_prints_all_users_instead_nobody_passes_for_a_member()
    {
        _host.Account.With("version", "0.2.1");
        Invites(Alice);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().ContainAll(
            "users without a role in the group", "\"group:Auditors\" is a group whose members are not known yet");
        Names["members"]![Auditors]!["names"]!.AsArray().Should().BeEmpty();
    }

    [Fact]
    public async Task A_check_finds_no_fault_with_a_group_until_a_run_has_asked_for_it()
    {
        Trusts(Alice);
        Invites(Alice);
        await _host.CollectAsync();
        Trusts("group:Auditors");

        var before = await _host.RunAsync("check");
        Consists();
        Invites(Bob);
        await _host.CollectAsync();
        var after = await _host.RunAsync("check");

        before.ExitCode.Should().Be(0);
        before.Stdout.Should().Contain("– detection").And.Contain("is a group whose members are not known yet");
        after.ExitCode.Should().Be(78);
        after.Stdout.Should().Contain("✗ detection").And.Contain("\"group:Auditors\" is a group without members");
    }

    [Fact]
    public async Task A_dry_run_asks_and_leaves_nothing_and_what_reads_files_goes_by_the_book()
    {
        Invites(Bob);
        (await _host.CollectAsync("--dry-run")).Lines.Should().HaveCount(2);
        Directory.Exists(_host.State("")).Should().BeFalse();
        await _host.CollectAsync();
        _host.Account.ForgetCalls();
        Invites(Alice);
        await File.WriteAllLinesAsync(Path.Combine(_host.Root, "events.ndjson"), [Invitation(8, Alice), Invitation(9, Bob)]);

        var detected = await _host.RunAsync("detect", Path.Combine(_host.Root, "events.ndjson"));
        var listed = await _host.RunAsync("rules", "list");

        detected.Lines.Should().ContainSingle().Which.Should().Contain("\"eventIds\":[\"9\"]");
        listed.Lines.Single(line => line.Contains("\tnonadmin-privileged-activity\t", StringComparison.Ordinal)).Should().Contain("yes");
        listed.Stderr.Should().BeEmpty();
        _host.Account.Calls.Should().BeEmpty();
    }

    [Fact]
    public async Task Nobody_asks_where_nothing_is_looked_for()
    {
        _host.Configuration["detection"]!["deliver"] = "off";
        Invites(Bob);

        (await AskedInRunAsync()).Should().Be(0);
    }

    // The only findings here are those of somebody who is no administrator.
    string[] Found => [.. File.ReadAllLines(_host.Output).Select(line => JsonNode.Parse(line)!).Where(item => item["kind"] is not null)
        .Select(finding => $"{finding["event"]!["eid"]} by {finding["event"]!["actorName"]}")];

    JsonObject Names => JsonNode.Parse(File.ReadAllText(_host.State("names.json")))!.AsObject();

    async Task<int> AskedInRunAsync()
    {
        _host.Account.ForgetCalls();
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        return Calls(Asked);
    }

    int Calls(string call) => _host.Account.Calls.Count(each => each == call);

    void Consists(params string[] members) => _host.Account.With("members", new JsonObject
    {
        [Auditors] = new JsonArray(
            [.. members.Select(member => new JsonObject { ["uuid"] = member, ["name"] = "somebody", ["role"] = "MEMBER" })]),
    });

    void Trusts(string entry) =>
        _host.Configuration["detection"] = JsonNode.Parse($$$"""{"level":"high","lists":{"admins":["{{{entry}}}"]}}""");

    void Invites(string actor) => _host.Account.Append(Invitation(++_eid, actor));

    static string Invitation(long eid, string actor) =>
        $$"""{"eid":{{eid}},"time":"2026-09-01T00:00:00Z","actorUuid":"{{actor}}","action":"create","objectType":"invite","objectUuid":"i"}""";

    // As if all of the book had been written earlier.
    void Age(TimeSpan by)
    {
        var names = Names;
        foreach (var list in names.Where(member => member.Key != "members")
            .Select(member => member.Value)
            .OfType<JsonObject>()
            .Append(names["members"]![Auditors]!.AsObject()))
        {
            var read = list["read"]!.GetValue<DateTimeOffset>() - by;
            (list["read"], list["tried"]) = (JsonValue.Create(read), JsonValue.Create(read));
        }

        File.WriteAllText(_host.State("names.json"), names.ToJsonString());
    }
}
