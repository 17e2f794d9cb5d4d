using System.Text.Json.Nodes;
using OpCollector.Sources;
using OpCollector.Storage;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>A look at what would be delivered, which changes nothing anywhere.</summary>
public sealed class DryRunSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public DryRunSpecs() => _host.To(_receiver).Configuration["sink"]!["timeout"] = "60s";

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("ascending")]
    [InlineData("newest100")]
    public async Task It_prints_exactly_what_would_be_sent_and_sends_nothing(string newer)
    {
        _host.Account.With("newer", newer).Log(250);
        _host.Account.Append("""{"z":1e5, "eid": 9001, "a":"\u00e9\/", "a":1.50}""");

        var run = await _host.CollectAsync("--dry-run");
        var requests = _receiver.Requests.Count;
        await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        requests.Should().Be(0);
        run.Stdout.Should().Be(
            string.Concat(_receiver.Requests.Select(request => request.Body[1..^1] + "\n"))
                .Replace("},{", "}\n{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_prints_each_item_in_the_form_of_its_route()
    {
        _host.Account.Append("""{"eid":1,"time":"2026-11-02T09:00:00Z","actorUuid":"A","action":"disblmfa","objectType":"account"}""");
        _host.Account.Append("""{"eid":2,"time":"2026-11-02T09:00:01Z","actorUuid":"A","action":"updatfw","objectType":"account"}""");
        var sink = _host.Configuration["sink"]!;
        sink["shape"] = "events-api";
        sink["add"] = new JsonObject { ["tenant"] = "acme" };
        sink["routes"] = new JsonObject { ["findings"] = new JsonObject { ["event"] = new JsonObject { ["what"] = "{kind} {id}" } } };

        var run = await _host.CollectAsync("--dry-run");
        await _host.CollectAsync();

        var sent = string.Concat(_receiver.Requests.Select(request => request.Body[1..^1] + "\n"))
            .Replace("},{", "}\n{", StringComparison.Ordinal);
        run.Stdout.Should().Be(sent).And.ContainAll("\"tenant\":\"acme\",\"uuid\":\"1\"", "{\"what\":\"finding f-");
    }

    [Fact]
    public async Task It_ends_with_the_number_of_events_and_of_findings_of_each_level()
    {
        _host.Account.Append("""{"eid":1,"time":"2026-11-02T09:00:00Z","actorUuid":"A","action":"disblmfa","objectType":"account"}""");
        _host.Account.Append("""{"eid":2,"time":"2026-11-02T09:00:01Z","actorUuid":"A","action":"updatfw","objectType":"account"}""");

        var run = await _host.CollectAsync("--dry-run", "--verbose");

        run.Stderr.Should().Contain(
            "2 events and 2 findings (1 high, 1 medium) would be delivered. Nothing was sent, nothing changed");
    }

    [Fact]
    public async Task What_is_said_does_not_stand_among_the_events()
    {
        var log = _host.Account.Log(3);
        _host.Account.Append("@eid=2000\t{\"eid\":\"?\"}");

        var run = await _host.CollectAsync("--dry-run", "--verbose");

        run.Lines.Select(Sandbox.Eid).Should().Equal(log);
        run.Stderr.Should().Contain("quarantine");
    }

    [Fact]
    public async Task A_state_directory_that_is_not_there_is_not_made()
    {
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync("--dry-run");

        run.Stderr.Should().BeEmpty();
        run.Lines.Select(Sandbox.Eid).Should().Equal(log);
        Directory.Exists(StateDirectory).Should().BeFalse();
    }

    [Theory]
    [InlineData("24h")]
    [InlineData("latest")]
    [InlineData("oldest")]
    [InlineData("5")]
    public async Task The_first_run_may_be_dry_whatever_the_start(string start)
    {
        var log = _host.Account.Log(3);
        _host.Configuration["start"] = start;

        var run = await _host.CollectAsync("--dry-run");

        run.Lines.Select(Sandbox.Eid).Should().Equal(start == "latest" ? [] : log);
        Directory.Exists(StateDirectory).Should().BeFalse();
    }

    [Fact]
    public async Task The_state_of_cron_is_left_as_it_is_with_its_unfinished_walk()
    {
        _host.Account.With("newer", "newest100").Log(150);
        await _host.CollectAsync();
        _host.Account.WithFault("""{"command":"list events","call":7,"do":"exit"}""").Log(450, first: 5000);
        await _host.CollectAsync();
        File.Exists(_host.State("walk.ndjson")).Should().BeTrue();
        var before = Files(StateDirectory);

        var run = await _host.CollectAsync("--dry-run");

        run.ExitCode.Should().Be(0);
        run.Lines.Should().HaveCount(450);
        Files(StateDirectory).Should().Equal(before);
        Files(_host.Temporary).Keys.Should().NotContain(name => name.Contains("opcollector", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_needs_no_secret_of_the_sink()
    {
        var log = _host.Account.Log(3);
        _host.Configuration["sink"] = JsonNode.Parse(
            """{"type":"webhook","url":{"env":"NOT_SET"},"auth":{"bearer":{"file":"/not/there"}},"headers":{"X-Key":{"credential":"none"}}}""");

        var run = await _host.CollectAsync("--dry-run");

        run.ExitCode.Should().Be(0);
        run.Lines.Select(Sandbox.Eid).Should().Equal(log);
    }

    [Fact]
    public async Task It_works_while_a_run_is_at_work()
    {
        var gate = new TaskCompletionSource();
        _receiver.Then(Answer.Of(200).After(gate.Task.WaitAsync));
        var log = _host.Account.Log(3);
        using var cron = _host.Start("collect");
        await Until.IsAsync(() => _receiver.Requests.Count == 1, "cron's run delivers");

        var run = await _host.CollectAsync("--dry-run");
        gate.SetResult();
        await cron.ToEndAsync();

        run.Lines.Select(Sandbox.Eid).Should().Equal(log);
        _receiver.Accepted.Should().Equal(log);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(150)]
    [InlineData(1000)]
    public async Task No_more_than_the_limit_is_printed(int limit)
    {
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync("--dry-run", "--limit", $"{limit}");

        run.ExitCode.Should().Be(0);
        run.Lines.Select(Sandbox.Eid).Should().Equal(log.Take(limit));
    }

    [Theory]
    [InlineData("--limit", "5")]
    [InlineData("--dry-run", "--limit", "0")]
    [InlineData("--dry-run", "--limit", "x")]
    public async Task A_wrong_limit_is_a_usage_error(params string[] options) =>
        (await _host.CollectAsync(options)).ExitCode.Should().Be(64);

    [Fact]
    public async Task A_reader_that_has_seen_enough_ends_it()
    {
        _host.Configuration["start"] = "999";
        _host.Account.With("generate", JsonNode.Parse("""{"count":100000}"""));
        using var pipe = _host.Start(
            "/bin/sh", ["-c", $$"""{ "{{ShippedFiles.OpCollector}}" collect --dry-run "$0" "$1"; echo "exit $?" >&2; } | head -n 1"""]);

        var ended = await pipe.ToEndAsync();

        ended.Lines.Select(Sandbox.Eid).Should().Equal(1000);
        ended.LastWords.Should().Be("exit 0");
        _host.Account.Calls.Should().HaveCountLessThan(20);
    }

    [Fact]
    public async Task A_full_disk_behind_stdout_is_told()
    {
        _host.Account.Log(3);
        using var full = _host.Start("/bin/sh", ["-c", $"""exec "{ShippedFiles.OpCollector}" collect --dry-run "$0" "$1" > /dev/full"""]);

        var ended = await full.ToEndAsync();

        ended.ExitCode.Should().Be(74);
        ended.LastWords.Should().Contain("stdout");
    }

    [Theory]
    [InlineData("exit")]
    [InlineData("half")]
    public async Task Nothing_is_left_behind_when_it_fails_in_the_middle_of_a_walk(string fault)
    {
        _host.Account.With("newer", "newest100").WithFault($$"""{"command":"list events","call":3,"do":"{{fault}}"}""").Log(450);

        var run = await _host.CollectAsync("--dry-run");

        run.ExitCode.Should().BeOneOf(65, 69);
        Files(_host.Temporary).Keys.Should().NotContain(name => name.Contains("opcollector", StringComparison.Ordinal));
        Directory.Exists(StateDirectory).Should().BeFalse();
    }

    [Fact]
    public async Task One_by_hand_takes_the_time_it_needs()
    {
        _host.Configuration["maxRunTime"] = "1s";
        _host.Account.With("newer", "newest100").WithFault("""{"command":"list events","call":3,"do":"slow","ms":1500}""");
        var log = _host.Account.Log(250);

        var run = await _host.CollectAsync("--dry-run");

        run.ExitCode.Should().Be(0);
        run.Lines.Select(Sandbox.Eid).Should().Equal(log);
    }

    [Fact]
    public async Task A_directory_for_temporary_files_that_is_not_there_is_no_bug()
    {
        _host.Account.Log(3);
        _host.Environment["TMPDIR"] = "/not/there";

        var run = await _host.CollectAsync("--dry-run");

        run.ExitCode.Should().BeOneOf(73, 78);
        run.LastWords.Should().Contain("/not/there");
    }

    string StateDirectory => Path.Combine(_host.Root, "state");

    static Dictionary<string, (DateTime Written, string Content)> Files(string directory) => Directory
        .EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal)
        .ToDictionary(file => file, file => (File.GetLastWriteTimeUtc(file), Convert.ToHexString(File.ReadAllBytes(file))));
}
