using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>The shipped program with its state in PostgreSQL, run by hosts that know nothing of each other but the name.</summary>
public sealed class PostgresCommandSpecs : IClassFixture<PostgresServer>, IDisposable
{
    const int Killed = 137;

    static int _schemas;

    readonly PostgresServer _server;
    readonly Sandbox _host = new();
    readonly string _schema = $"command_{Interlocked.Increment(ref _schemas)}";
    readonly long[] _log;

    public PostgresCommandSpecs(PostgresServer server)
    {
        PostgresServer.SkipWithout();
        _server = server;
        _log = _host.Account.Log(250);
        _host.Environment["PG"] = $"{server.Connection};Password=s3cret-of-the-database";
        Configure("acme", "state");
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_run_leaves_its_state_in_the_database_and_the_next_one_goes_on_from_there()
    {
        var first = await _host.CollectAsync();
        Configure("acme", "another-host");
        var second = await _host.CollectAsync();

        first.ExitCode.Should().Be(0, first.Stderr);
        second.Should().Be(new FinishedRun(0, "", ""));
        _host.Delivered.Should().Equal(_log);
        Directory.GetFiles(_host.State("")).Select(Path.GetFileName).Should().Equal("collect.lock");
    }

    [Fact]
    public async Task Where_no_run_has_ever_been_the_database_is_named_and_no_directory()
    {
        var run = await _host.RunAsync("checkpoint", "reset");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Complaint.Should().Contain("No run has used the state acme in schema ").And.Contain("Check state.postgres")
            .And.NotContain("directory");
    }

    [Fact]
    public async Task A_check_tries_the_database_and_changes_nothing()
    {
        var before = await _host.RunAsync("check");
        var tables = _server.Ask($"SELECT to_regnamespace('{_schema}')::text");
        await _host.CollectAsync();
        var after = await _host.RunAsync("check");

        before.ExitCode.Should().Be(0, before.Stdout);
        before.Stdout.Should().Contain("reachable; the first run makes the tables");
        tables.Should().Be(DBNull.Value);
        after.Stdout.Should().Contain("reachable, writable, the lease is free, delivered up to");
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=a;Password=s3cret-of-the-database", 75, "cannot be reached")]
    [InlineData("Host=no-such-host.invalid;Username=a;Password=s3cret-of-the-database", 75, "nobody knows its host's name")]
    [InlineData("s3cret-of-the-database", 78, "is not a connection of PostgreSQL")]
    public async Task What_is_wrong_with_the_database_is_one_line_without_its_password(string connection, int code, string words)
    {
        _host.Environment["PG"] = connection;

        var run = await _host.CollectAsync();
        var check = await _host.RunAsync("check");

        run.ExitCode.Should().Be(code);
        run.Complaint.Should().Contain(words);
        check.ExitCode.Should().Be(code, check.Stdout);
        $"{run}{check}".Should().NotContain("s3cret");
        _host.Delivered.Should().BeEmpty();
    }

    [Fact]
    public async Task A_run_that_was_stopped_past_its_lease_and_comes_back_changes_nothing_any_more()
    {
        using var receiver = new Receiver();
        using var isHeard = new ManualResetEventSlim();
        var goOn = new TaskCompletionSource();
        receiver.Judge = _ =>
        {
            receiver.Judge = null;
            isHeard.Set();
            return Receiver.Answer.Of(200).After(_ => goOn.Task);
        };
        _host.To(receiver).Configuration["sink"]!["timeout"] = "60s";
        using var stopped = _host.Start("collect");
        await Until.IsAsync(() => isHeard.IsSet, "the first batch is on its way");
        stopped.Signal("STOP");
        EndLeases();
        Configure("acme", "another-host");

        var other = await _host.CollectAsync();
        goOn.SetResult();
        stopped.Signal("CONT");
        var late = await stopped.ToEndAsync();

        other.ExitCode.Should().Be(0, other.Stderr);
        late.ExitCode.Should().Be(75, late.Stderr);
        late.Stderr.Should().Contain("taken over");
        var arrived = receiver.Requests.Where(request => request.IsAccepted).SelectMany(request => Eids(request.Body)).ToArray();
        arrived.Distinct().Order().Should().Equal(_log);
        (arrived.Length - _log.Length).Should().BeLessThanOrEqualTo(100);
        (await _host.CollectAsync()).Should().Be(new FinishedRun(0, "", ""));
    }

    [Fact]
    public async Task After_a_kill_another_host_waits_for_the_end_of_the_lease_and_loses_nothing()
    {
        using var receiver = new Receiver();
        var requests = 0;
        receiver.Judge = _ =>
        {
            if (++requests == 2)
            {
                _host.KillRun();
                return Receiver.Answer.Silence(counts: true);
            }

            return null;
        };
        _host.To(receiver);
        var killed = await _host.CollectAsync();
        Configure("acme", "another-host");

        var early = await _host.CollectAsync();
        EndLeases();
        var next = await _host.CollectAsync();

        killed.ExitCode.Should().Be(Killed);
        early.Should().Be(new FinishedRun(0, "", ""));
        next.ExitCode.Should().Be(0, next.Stderr);
        var arrived = receiver.Requests.Where(request => request.IsAccepted).SelectMany(request => Eids(request.Body)).ToArray();
        arrived.Distinct().Should().Equal(_log);
        (arrived.Length - _log.Length).Should().BeLessThanOrEqualTo(100);
    }

    [Fact]
    public async Task Every_collector_of_the_database_is_shown_in_a_line_and_as_JSON()
    {
        await _host.CollectAsync();
        Configure("globex", "state-of-globex");
        _host.Account.Append("@eid=5000\t{\"no\":\"eid\"}");
        await _host.CollectAsync();

        var text = await _host.RunAsync("status", "--all");
        var monitor = await _host.RunAsync("status", "--all", "--max-age", "1h");
        var json = JsonNode.Parse((await _host.RunAsync("status", "--all", "--output", "json")).Stdout)!["collectors"]!.AsArray();

        text.ExitCode.Should().Be(0, text.Stderr);
        text.Lines[0].Should().StartWith("acme    last run").And.Contain("quarantine empty");
        text.Lines[1].Should().StartWith("globex  last run").And.Contain("1 item in quarantine");
        monitor.ExitCode.Should().Be(0);
        monitor.Lines.Should().OnlyContain(line => line.StartsWith("OK"));
        json.Select(each => (string?)each!["name"]).Should().Equal("acme", "globex");
        ((int)json[1]!["quarantine"]!["items"]!).Should().Be(1);
        json[0]!["holder"].Should().BeNull();
    }

    [Fact]
    public async Task Without_a_database_there_is_nothing_to_show_of_all()
    {
        _host.Configuration["state"] = new JsonObject { ["directory"] = "state" };

        var status = await _host.RunAsync("status", "--all");

        status.ExitCode.Should().Be(64);
        status.Complaint.Should().Contain("state.postgres");
    }

    [Fact]
    public async Task A_state_is_copied_to_the_database_and_back_and_read_back_alike()
    {
        var database = _host.Configuration["state"]!.DeepClone();
        _host.Configuration["state"] = new JsonObject { ["directory"] = "state" };
        _host.Account.Append("@eid=5000\t{\"no\":\"eid\"}");
        await _host.CollectAsync();
        var (checkpoint, quarantine) = (await File.ReadAllTextAsync(_host.State("checkpoint.json")), _host.Quarantine);

        _host.Configuration["state"] = database;
        var there = await _host.RunAsync("state", "copy", "--to-postgres");
        var again = await _host.RunAsync("state", "copy", "--to-postgres");
        var run = await _host.CollectAsync();
        _host.Configuration["state"]!["directory"] = "back";
        var back = await _host.RunAsync("state", "copy", "--to-directory");

        there.ExitCode.Should().Be(0, there.Stderr);
        there.Stdout.Should().Contain("1 lines of the quarantine were copied to acme in schema").And.Contain("read back alike");
        again.Stdout.Should().Contain("holds the same already");
        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Delivered.Should().Equal(_log);
        back.ExitCode.Should().Be(0, back.Stderr);
        (await File.ReadAllTextAsync(Path.Combine(_host.Root, "back", "checkpoint.json"))).Should().Be(checkpoint);
        (await File.ReadAllLinesAsync(Path.Combine(_host.Root, "back", "quarantine.ndjson"))).Should().Equal(quarantine);
    }

    [Fact]
    public async Task A_state_is_not_copied_over_another_one()
    {
        await _host.CollectAsync();
        var database = _host.Configuration["state"]!.DeepClone();
        _host.Configuration["state"] = new JsonObject { ["directory"] = "state" };
        await _host.CollectAsync();
        _host.Configuration["state"] = database;

        var copy = await _host.RunAsync("state", "copy", "--to-directory");

        copy.ExitCode.Should().Be(78);
        copy.Complaint.Should().Contain("holds a state already").And.Contain("nothing was copied");
    }

    [Theory]
    [InlineData("state copy")]
    [InlineData("state copy --to-postgres --to-directory")]
    public async Task A_copy_has_one_direction(string command) =>
        (await _host.RunAsync(command.Split(' '))).ExitCode.Should().Be(64);

    [Fact]
    public async Task What_lies_in_the_database_is_replayed_and_leaves_it()
    {
        using var receiver = new Receiver();
        receiver.Judge = body => body.Contains("eid\":1014,", StringComparison.Ordinal) ? Receiver.Answer.Of(400) : null;
        _host.To(receiver);
        var run = await _host.CollectAsync();
        receiver.Judge = null;

        var replay = await _host.RunAsync("replay");
        var empty = await _host.RunAsync("status");

        run.ExitCode.Should().Be(2);
        run.Stderr.Should().Contain("the table quarantine, name acme").And.Contain("deleting the rows");
        replay.ExitCode.Should().Be(0, replay.Stderr);
        empty.Stdout.Should().MatchRegex("quarantine +empty");
        receiver.Requests.Where(request => request.IsAccepted).SelectMany(request => Eids(request.Body)).Order().Should().Equal(_log);
    }

    void Configure(string name, string directory) => _host.Configuration["state"] = new JsonObject
    {
        ["directory"] = directory,
        ["postgres"] = new JsonObject
        {
            ["connection"] = new JsonObject { ["env"] = "PG" },
            ["name"] = name,
            ["schema"] = _schema,
        },
    };

    void EndLeases() => _server.Ask($"UPDATE {_schema}.lease SET until = clock_timestamp()");

    static long[] Eids(string body) => [.. JsonNode.Parse(body)!.AsArray().Select(each => (long)each!["eid"]!)];
}
