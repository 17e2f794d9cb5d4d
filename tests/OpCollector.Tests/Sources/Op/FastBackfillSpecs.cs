using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>
/// <c>backfill --parallel</c>: several calls of op at once, each with a session of its own, and the same delivery as with one.
/// </summary>
public sealed class FastBackfillSpecs : IDisposable
{
    const string Auditors = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
    const string TotpSecret = "JBSWY3DPEHPK3PXP";

    static readonly string[] OpFaults =
    [
        "half", "half-fail", "html", "garbage", "crash", "network", "expire", "flood-stderr", "chatter", "repeat"
    ];

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    int Calls(string command) => _host.Account.Calls.Count(call => call.StartsWith(command, StringComparison.Ordinal));

    string[] Leftovers => [.. Directory.EnumerateFileSystemEntries(_host.State(""), "backfill-*")
        .Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))];

    [Theory]
    [InlineData("0.2.1", "ascending")]
    [InlineData("1.12.9", "newest100")]
    public async Task Each_call_has_a_session_of_its_own(string version, string newer)
    {
        var log = _host.Account.With("version", version).With("newer", newer).With("parallelFaults", true).With("answerTime", 60).Log(900);

        var run = await _host.RunAsync("backfill", "--from", "1000", "--parallel", "4");

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log[1..]);
        (Calls("signin"), Calls("signout")).Should().Be((4, 4));
        _host.Account.Calls.Should().OnlyContain(call => call == "--version" || call.EndsWith("--account=acme", StringComparison.Ordinal));
        Leftovers.Should().BeEmpty();
        Directory.EnumerateFileSystemEntries(_host.Temporary).Should().ContainSingle("the first session is where it always is");
    }

    [Fact]
    public async Task A_dry_run_prints_the_same_and_leaves_no_trace()
    {
        var log = _host.Account.Log(900);

        var run = await _host.RunAsync("backfill", "--from", "1700", "--to", "5004", "--parallel", "4", "--dry-run");

        run.ExitCode.Should().Be(0);
        run.Lines.Select(Sandbox.Eid).Should().Equal(log.Where(eid => eid is > 1700 and <= 5004));
        Directory.Exists(_host.State("")).Should().BeFalse();
        Directory.EnumerateFileSystemEntries(_host.Temporary, "opcollector*").Should().BeEmpty();
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("empty")]
    public async Task A_server_that_refuses_an_id_that_is_no_event_is_read_with_one_call_after_the_other(string unknownIds)
    {
        var log = _host.Account.With("unknownIds", unknownIds).Log(500);

        var run = await _host.RunAsync("backfill", "--from", "1007", "--parallel", "4");

        run.ExitCode.Should().Be(0);
        run.Complaint.Should().Contain("one call after the other");
        _host.Delivered.Should().Equal(log[2..]);
    }

    [Fact]
    public async Task An_op_that_is_throttled_is_asked_by_fewer()
    {
        var log = _host.Account.With("mostAtOnce", 2).With("answerTime", 100).Log(900);

        var run = await _host.RunAsync("backfill", "--from", "1000", "--parallel", "8", "--verbose");

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log[1..]);
        run.Stderr.Should().Contain("4 calls of op at once from now on");
        run.Stderr.Should().NotContain(" WRN ");
    }

    [Fact]
    public async Task A_session_that_op_does_not_find_once_is_tried_once_more_before_anything_else()
    {
        var log = _host.Account.Log(10);
        _host.Account.WithFault(
            """{"command":"list events","call":1,"do":"exit","text":"You are not currently signed in. Please run `op signin --help` for instructions"}""");

        var run = await _host.RunAsync("backfill", "--from", "1000");

        run.ExitCode.Should().Be(0);
        Calls("signin").Should().Be(1);
        _host.Delivered.Should().Equal(log[1..]);
    }

    [Fact]
    public async Task Sign_ins_that_end_the_other_sessions_lose_nothing()
    {
        var log = _host.Account.With("endOtherSessions", true).With("answerTime", 30).Log(600);

        var run = await _host.RunAsync("backfill", "--from", "1000", "--parallel", "4");

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log[1..]);
    }

    [Fact]
    public async Task Members_of_a_group_are_asked_for_while_no_other_call_uses_the_session()
    {
        _host.Account.With("groups", JsonNode.Parse($$"""[{"uuid":"{{Auditors}}","name":"Auditors"}]"""))
            .With("members", new JsonObject
            {
                [Auditors] = new JsonArray(
                    new JsonObject { ["uuid"] = "CTHSZQHLERKQXM2YFC3S4U5ZU4", ["name"] = "somebody", ["role"] = "MEMBER" })
            })
            .With("answerTime", 150).Log(1500);
        _host.WithOp($$"""
            echo "B ${OP_SESSION_acme:-none} $*" >> "$HOME/op-trace"
            case "$*" in *--group=*) sleep 0.2 ;; esac
            {{ShippedFiles.OpEmulator}} "$@"; rc=$?
            echo "E ${OP_SESSION_acme:-none} $*" >> "$HOME/op-trace"; exit $rc
            """);
        // The names are known from cron; the group is followed from now on.
        await _host.CollectAsync();
        File.Delete(Path.Combine(_host.Home, "op-trace"));
        _host.Configuration["detection"] = JsonNode.Parse("""{"level":"high","lists":{"admins":["group:Auditors"]}}""");

        var run = await _host.RunAsync("backfill", "--from", "1000", "--parallel", "4", "--findings");

        run.ExitCode.Should().Be(0, run.Stderr);
        var calls = (await File.ReadAllLinesAsync(Path.Combine(_host.Home, "op-trace")))
            .Select(line => line.Split(' '))
            .ToLookup(call => call[1], call => call[0]);
        calls["none"].Should().NotBeEmpty("the sign-ins");
        calls.Where(session => session.Key != "none").Should().HaveCount(4)
            .And.OnlyContain(session => string.Concat(session).Replace("BE", "") == "");
    }

    [Fact]
    public async Task Others_that_cannot_sign_in_are_done_without()
    {
        var log = _host.Account.WithFault("""{"command":"signin","call":2,"times":9,"do":"http","status":401}""").Log(600);

        var run = await _host.RunAsync("backfill", "--from", "1000", "--parallel", "4");

        run.Should().Be(new FinishedRun(0, "", ""));
        Calls("signin").Should().Be(2, "each try counts against the account");
        _host.Delivered.Should().Equal(log[1..]);
        JsonNode.Parse(await File.ReadAllTextAsync(_host.State("op.json")))!["refusal"].Should().BeNull("cron can sign in");
    }

    [Fact]
    public async Task With_one_time_codes_the_first_session_works_until_the_next_code_is_due()
    {
        var log = _host.Account.With("totpSecret", TotpSecret).Log(900);
        _host.Configuration["source"]!["op"]!["totpSecret"] = new JsonObject { ["env"] = "OP_TOTP" };
        _host.Environment["OP_TOTP"] = TotpSecret;

        var run = await _host.RunAsync("backfill", "--from", "1000", "--parallel", "4");

        run.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(log[1..]);
        (await File.ReadAllLinesAsync(Path.Combine(_host.Home, "op-ledger.tsv"))).Where(line => line.StartsWith(
            "uses of code", StringComparison.Ordinal))
            .Should().NotBeEmpty()
            .And.OnlyContain(line => line.EndsWith("\t1", StringComparison.Ordinal), "each code is good for one session");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task Another_number_of_calls_goes_on_where_a_killed_backfill_was(int parallel)
    {
        using var receiver = new Receiver();
        var gate = new TaskCompletionSource();
        receiver.Then(Receiver.Answer.Of(200), Receiver.Answer.Of(200), Receiver.Answer.Of(200).After(gate.Task.WaitAsync));
        var log = _host.To(receiver).Account.Log(700);
        _host.Configuration["sink"]!["timeout"] = "60s";
        using (var first = _host.Start("backfill", "--from", "1000", "--parallel", "3"))
        {
            await Until.IsAsync(() => receiver.Requests.Count == 3, "the third batch is sent");
            await first.KillAsync();
        }

        gate.SetResult();
        _host.Account.Append(Account.Event(9000));
        var resumed = await _host.RunAsync("backfill", "--from", "1000", "--parallel", $"{parallel}");

        resumed.ExitCode.Should().Be(0, resumed.Stderr);
        receiver.Accepted.Distinct().Should().Equal(log[1..], "the end was fixed at the first start");
        receiver.Accepted.Should().HaveCountLessThanOrEqualTo(log.Length - 1 + 100);
        Leftovers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Killed_at_any_instant_it_delivers_everything_in_order(int seed)
    {
        var random = new Random(seed);
        var log = _host.Account.With("parallelFaults", true).Log(random.Next(600, 900), step: random.Next(1, 5000));
        for (var kills = 0; kills < 3; kills++)
        {
            _host.Account
                .WithoutFaults()
                .WithFault(
                    $$"""{"command":"list events","call":{{Calls("list events") + random.Next(1, 20)}},"do":"{{OpFaults[random.Next(OpFaults.Length)]}}"}""");
            using var running = _host.Start("backfill", "--from", $"{log[0]}", "--parallel", $"{random.Next(2, 6)}");
            var enough = _host.Delivered.Length + random.Next(1, 250);
            await Until.IsAsync(() => Lines() >= enough || running.HasExited, "it has delivered something");
            await running.KillAsync();
        }

        _host.Account.WithoutFaults();
        var last = await _host.RunAsync("backfill", "--from", $"{log[0]}", "--parallel", "4");

        last.ExitCode.Should().Be(0, last.Stderr);
        var delivered = _host.Delivered;
        delivered.Distinct().Should().Equal(log[1..]);
        delivered.Zip(delivered.Skip(1)).Count(pair => pair.First >= pair.Second)
            .Should().BeLessThanOrEqualTo(4, "only a kill repeats something");
        Leftovers.Should().BeEmpty();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("17")]
    [InlineData("-1")]
    [InlineData("many")]
    public async Task A_number_of_calls_that_makes_no_sense_is_a_usage_error(string number)
    {
        var run = await _host.RunAsync("backfill", "--from", "5", "--parallel", number);

        run.ExitCode.Should().Be(64);
        run.Complaint.Should().ContainAll(number, "1 to 16", "--help");
    }

    int Lines() => File.Exists(_host.Output) ? File.ReadAllBytes(_host.Output).Count(b => b == '\n') : 0;
}
