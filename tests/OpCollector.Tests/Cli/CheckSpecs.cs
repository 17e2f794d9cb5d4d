using System.Text.Json.Nodes;
using SiemEmulator;
using SiemEmulator.Checks;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>What <c>check</c> finds out: every part a run needs, each with its line, and nothing delivered or left behind.</summary>
public sealed class CheckSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task It_says_which_rules_lack_something()
    {
        _host.Configuration["detection"] = System.Text.Json.Nodes.JsonNode.Parse("""{"lists":{"admins":["AAAAAAAAAAAAAAAAAAAAAAAAAA"]}}""");

        var run = await _host.RunAsync("check");

        run.Stdout
            .Should().ContainAll(
                "– detection", "rules are active", "wait for a list", "detection.lists.privileged_groups is missing or empty: ")
            .And.MatchRegex("is missing or empty: .*exclusive-access")
            .And.MatchRegex("active without privileged_groups, privileged_vaults: .*nonadmin-privileged-activity");
        run.Lines[^1].Should().StartWith("Ready. ");
    }

    [Fact]
    public async Task When_all_is_well_each_part_has_its_tick()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();

        var run = await _host.RunAsync("check");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        Parts(run).Should().Equal("✓ configuration", "✓ state", "– detection", "✓ sink", "✓ sign-in", "✓ log");
        run.Stdout.Should().ContainAll(
            _host.ConfigurationFile,
            "writable, fsync and flock work",
            "event 1014",
            "op 1.12.9 as acme",
            "the newest event is 1014",
            "shows what was read from it before");
    }

    [Fact]
    public async Task A_program_gets_each_check_with_its_result()
    {
        _host.Account.Log(3);
        _host.Account.With("permission", "none");

        var run = await _host.RunAsync("check", "--output", "json");

        run.ExitCode.Should().Be(77);
        var json = System.Text.Json.Nodes.JsonNode.Parse(run.Lines.Should().ContainSingle().Which)!;
        ((bool)json["ready"]!, (int)json["exitCode"]!).Should().Be((false, 77));
        json["checks"]!.AsArray().Select(each => $"{each!["check"]} {each["result"]}").Should().Equal(
            "configuration ok", "state ok", "detection partial", "sink ok", "sign-in ok", "log failed");
        ((string)json["checks"]!.AsArray()[^1]!["text"]!).Should().Contain("View Administrative Sidebar");
    }

    [Fact]
    public async Task A_password_that_is_refused_in_a_check_does_not_pause_cron()
    {
        var log = _host.Account.Log(3);
        Directory.CreateDirectory(Path.Combine(_host.Root, "state"), (UnixFileMode)Convert.ToInt32("700", 8));
        _host.Environment["OP_PASSWORD"] = "mistyped";

        var check = await _host.RunAsync("check");
        _host.Environment["OP_PASSWORD"] = "correct horse";
        var collect = await _host.CollectAsync();

        check.ExitCode.Should().Be(77);
        collect.ExitCode.Should().Be(0, collect.Stderr);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task A_list_whose_entries_are_not_known_yet_is_not_called_missing()
    {
        _host.Configuration["detection"] = System.Text.Json.Nodes.JsonNode.Parse(
            """{"lists":{"privileged_groups":["Owners","Administrators"]}}""");

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().Contain("detection.lists.privileged_groups: none of its 2 entries is known yet; the first run reads the names")
            .And.NotContain("privileged_groups is missing");
    }

    [Theory]
    [InlineData("admin", "admins")]
    [InlineData("privileged_vault", "privileged_vaults")]
    public async Task A_list_that_no_rule_uses_is_questioned_with_the_name_that_is_near(string list, string near)
    {
        _host.Configuration["detection"] = System.Text.Json.Nodes.JsonNode.Parse(
            $$$"""{"lists":{"{{{list}}}":["AAAAAAAAAAAAAAAAAAAAAAAAAA"]}}""");

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Stdout.Should().Contain($"detection.lists.{list}: no rule uses this list; did you mean {near}?");
    }

    [Fact]
    public async Task Before_the_first_run_it_makes_nothing()
    {
        _host.Account.Log(3);
        var before = Entries();

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        Parts(run).Should().Equal("✓ configuration", "✓ state", "– detection", "✓ sink", "✓ sign-in", "✓ log");
        Entries().Should().Equal(before);
    }

    [Fact]
    public async Task After_a_run_it_changes_nothing()
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        var before = Contents();

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        Contents().Should().Equal(before);
    }

    [Fact]
    public async Task It_signs_out_of_every_session()
    {
        _host.Account.Log(3);

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        _host.Account.Calls.Should().Equal(
            "--version", "signin acme --raw --account=acme", "list events --account=acme", "signout --account=acme");
        Directory.EnumerateFileSystemEntries(_host.Temporary).SelectMany(Directory.EnumerateFiles).Should().BeEmpty();
    }

    [Fact]
    public async Task A_webhook_is_asked_and_gets_no_event()
    {
        _host.To(_receiver).Account.Log(3);

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().MatchRegex(@"✓ sink +http://127\.0\.0\.1:\d+: reachable");
        _receiver.Requests.Should().OnlyContain(request => request.Body.Length == 0);
    }

    [Fact]
    public async Task An_empty_log_is_a_readable_one()
    {
        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0);
        run.Lines[^2].Should().StartWith("✓ log").And.Contain("empty");
    }

    [Fact]
    public async Task A_wrong_configuration_is_all_there_is_to_tell()
    {
        _host.Configuration["sink"]!["type"] = "syslog";

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Lines[^1].Should().Be("Not ready: 1 of 1 checks failed.");
        run.Lines[..^1].Should().ContainSingle().Which.Should().StartWith("✗ configuration")
            .And.ContainAll("opcollector.json:1:", ": sink.type", "\"webhook\"");
        _host.Account.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("password", "\"wrong\"", 77, "sign-in", "source.op.password")]
    [InlineData("permission", "\"none\"", 77, "log", "View Administrative Sidebar")]
    [InlineData("known", "false", 78, "sign-in", "by hand")]
    [InlineData("endOfLife", "true", 69, "sign-in", "Events API")]
    [InlineData("version", "\"2.30.0\"", 78, "sign-in", "Events API")]
    [InlineData("sessionNotStored", "true", 78, "log", "TMPDIR")]
    public async Task A_broken_account_has_its_cross_and_what_to_do(string member, string value, int exitCode, string part, string words)
    {
        _host.Account.Log(3);
        _host.Account.With(member, System.Text.Json.Nodes.JsonNode.Parse(value));

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(exitCode);
        run.Lines[^2].Should().StartWith($"✗ {part} ").And.Contain(words);
        Parts(run)[..4].Should().Equal("✓ configuration", "✓ state", "– detection", "✓ sink");
    }

    [Theory]
    [InlineData("op", "missing-op", "PATH")]
    [InlineData("op", "/nowhere/op", "does not exist")]
    [InlineData("op", "opcollector.json", "not executable")]
    public async Task An_op_that_cannot_be_started_has_its_cross(string member, string path, string words)
    {
        _host.Configuration["source"]![member]!["path"] = path.Replace(
            "opcollector.json", _host.ConfigurationFile, StringComparison.Ordinal);

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Lines[^2].Should().StartWith("✗ sign-in").And.ContainAll(words, "source.op.path");
    }

    [Fact]
    public async Task A_hanging_op_is_told_after_its_time()
    {
        _host.Configuration["source"]!["op"]!["timeout"] = "1s";
        _host.Account.WithFault("""{"command":"list events","do":"hang"}""");

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(69);
        run.Lines[^2].Should().StartWith("✗ log").And.ContainAll("did not answer within 1 s", "source.op.timeout");
        _host.Account.Calls[^1].Should().StartWith("signout");
    }

    [Theory]
    [InlineData("state")]
    [InlineData("state/below")]
    public async Task A_state_directory_that_cannot_be_made_has_its_cross(string directory)
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "state"), "a file");
        _host.Configuration["state"]!["directory"] = directory;

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(73);
        run.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ state").And.Contain("state.directory");
    }

    [Fact]
    public async Task A_state_directory_that_others_can_write_to_has_its_cross()
    {
        Directory.CreateDirectory(Path.Combine(_host.Root, "state"));
        File.SetUnixFileMode(Path.Combine(_host.Root, "state"), (UnixFileMode)Convert.ToInt32("770", 8));

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Stdout.Should().Contain("✗ state").And.Contain("chmod 700").And.Contain("✓ log");
    }

    [Theory]
    [InlineData("fsync:error=EIO", "fsync failed: Input/output error")]
    [InlineData("flock:error=ENOLCK", "flock failed: No locks available")]
    public async Task A_state_directory_whose_disk_does_not_do_has_its_cross(string fault, string words)
    {
        await _host.CollectAsync();
        var before = Contents();

        var run = await Strace.RunAsync(_host, fault, [], "check");

        run.ExitCode.Should().Be(74, run.Stdout);
        run.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ state").And.Contain(words);
        run.Stdout.Should().Contain("✓ log");
        Contents().Should().Equal(before);
    }

    [Fact]
    public async Task A_state_directory_that_this_user_could_not_make_has_its_cross()
    {
        _host.Configuration["sink"] = new JsonObject { ["type"] = "stdout" };

        var run = await Strace.RunAsync(_host, "access:error=EACCES", [_host.Root], "check");

        run.ExitCode.Should().Be(73, run.Stdout);
        run.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ state")
            .And.ContainAll(_host.Root, "Permission denied", "state.directory");
    }

    [Fact]
    public async Task A_file_for_events_that_this_user_could_not_make_has_its_cross()
    {
        _host.Account.Log(1);
        await _host.CollectAsync();
        Directory.Delete(Path.GetDirectoryName(_host.Output)!, recursive: true);

        var run = await Strace.RunAsync(_host, "access:error=EACCES", [_host.Root], "check");

        run.ExitCode.Should().Be(74, run.Stdout);
        run.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ sink")
            .And.ContainAll(_host.Output, "Permission denied", "sink.path");
    }

    [Fact]
    public async Task A_log_that_no_longer_shows_what_was_read_has_its_cross()
    {
        _host.Account.Log(60);
        await _host.CollectAsync();
        _host.Account.Empty();
        _host.Account.Log(1);

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(69);
        run.Lines[^2].Should().StartWith("✗ log").And.ContainAll("no longer shows event", "View Administrative Sidebar");
    }

    [Fact]
    public async Task A_position_that_the_log_has_not_reached_has_its_cross()
    {
        _host.Account.Log(3);
        await _host.RunAsync("checkpoint", "set", "99999");

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Lines[^2].Should().StartWith("✗ log").And.ContainAll("99999", "1014", "checkpoint set");
    }

    [Fact]
    public async Task Who_is_on_a_watch_list_and_is_nobody_has_its_cross_once_names_are_known()
    {
        _host.Configuration["detection"] = System.Text.Json.Nodes.JsonNode.Parse("""{"lists":{"admins":["nobody@acme.example"]}}""");
        _host.Account.Log(3);
        var before = await _host.RunAsync("check");
        await _host.CollectAsync();

        var after = await _host.RunAsync("check");

        before.ExitCode.Should().Be(0, before.Stdout);
        before.Stdout.Should().Contain("is not found (no names are known yet)");
        after.ExitCode.Should().Be(78, after.Stdout);
        after.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ detection")
            .And.ContainAll("detection.lists.admins", "nobody@acme.example");
    }

    [Fact]
    public async Task A_damaged_checkpoint_has_its_cross()
    {
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("checkpoint.json"), "half a che");
        File.Delete(_host.State("checkpoint.prev.json"));

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Stdout.Should().Contain("✗ state").And.Contain("checkpoint set").And.Contain("✓ log");
    }

    [Theory]
    [InlineData("home")]
    [InlineData("opcollector.json/events.ndjson")]
    public async Task A_file_that_cannot_be_written_has_its_cross(string path)
    {
        _host.Configuration["sink"]!["path"] = path;

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(74);
        run.Stdout.Should().Contain("✗ sink").And.Contain(Path.Combine(_host.Root, path)).And.Contain("✓ log");
    }

    [Fact]
    public async Task A_webhook_that_cannot_be_reached_has_its_cross()
    {
        _host.To(_receiver).Configuration["sink"]!["url"] = Receiver.Nowhere;

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(75);
        run.Stdout.Should().Contain("✗ sink").And.Contain("cannot be reached").And.Contain("✓ log");
    }

    [Fact]
    public async Task A_secret_of_the_sink_that_is_missing_has_its_cross()
    {
        _host.To(_receiver).Configuration["sink"]!["auth"] = System.Text.Json.Nodes.JsonNode.Parse("""{"bearer":{"env":"SIEM_TOKEN"}}""");

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(78);
        run.Stdout.Should().Contain("✗ sink").And.Contain("SIEM_TOKEN is not set").And.Contain("✓ log");
    }

    [Fact]
    public async Task Splunk_is_asked_whether_it_is_well_and_knows_the_token_and_gets_no_event()
    {
        using var splunk = new Siem(new SplunkHec("11111111-2222-3333-4444-555555555555") { Acknowledges = true });
        _host.To(splunk, "splunk-hec").Configuration["sink"]!["splunk-hec"] =
            System.Text.Json.Nodes.JsonNode.Parse("""{"acknowledgement":"required"}""");
        Authorize("Splunk ", "11111111-2222-3333-4444-555555555555");

        var known = await _host.RunAsync("check");
        _host.Environment["SIEM_TOKEN"] = "99999999-2222-3333-4444-555555555555";
        var unknown = await _host.RunAsync("check");

        known.ExitCode.Should().Be(0, known.Stdout);
        known.Stdout.Should().MatchRegex(@"✓ sink +http://127\.0\.0\.1:\d+: healthy, knows the token");
        unknown.ExitCode.Should().Be(77);
        unknown.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ sink").And.ContainAll("Invalid token", "sink.auth")
            .And.NotContain("99999999");
        splunk.Accepted.Should().BeEmpty();
    }

    [Fact]
    public async Task A_Splunk_that_is_not_well_has_its_cross()
    {
        _host.To(_receiver.Then(Receiver.Answer.Of(503, """{"text":"HEC is unhealthy, queues are full","code":18}""")));
        _host.Configuration["sink"]!["format"] = "splunk-hec";
        _host.Configuration["sink"]!["url"] = _receiver.Url.Replace("/hook", "/services/collector/event", StringComparison.Ordinal);

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(75);
        run.Stdout.Should().Contain("✗ sink").And.ContainAll("not healthy", "queues are full");
    }

    [Theory]
    [InlineData(BulkDialect.Elasticsearch, "green", true, 0, "✓ sink", "knows us, the cluster is green, may create documents")]
    [InlineData(BulkDialect.Elasticsearch, "yellow", false, 77, "✗ sink", "create_doc")]
    [InlineData(BulkDialect.Elasticsearch, "red", true, 75, "✗ sink", "cluster is red")]
    [InlineData(BulkDialect.OpenSearch, "yellow", true, 0, "✓ sink", "knows us, the cluster is yellow")]
    public async Task An_index_is_asked_whether_it_is_well_and_whether_we_may_write(
        object dialect, string health, bool mayCreate, int exitCode, string part, string words)
    {
        using var siem = new Siem(
            new Bulk((BulkDialect)dialect)
            {
                Health = health,
                MayCreate = mayCreate,
                Checks = [new HeaderCheck("Authorization", "ApiKey good")]
            });
        _host.To(siem, ((BulkDialect)dialect).ToString().ToLowerInvariant());
        Authorize("ApiKey ", "good");

        var run = await _host.RunAsync("check");
        _host.Environment["SIEM_TOKEN"] = "wrong";
        var stranger = await _host.RunAsync("check");

        run.ExitCode.Should().Be(exitCode, run.Stdout);
        run.Lines.Single(line => Part(line).EndsWith(" sink", StringComparison.Ordinal)).Should().StartWith(part).And.Contain(words);
        stranger.ExitCode.Should().Be(77);
        siem.Accepted.Should().BeEmpty();
    }

    [Fact]
    public async Task A_test_event_is_delivered_when_asked_for_and_counts_for_nothing()
    {
        _host.To(_receiver).Account.Log(3);
        await _host.CollectAsync();
        var before = Contents();

        var run = await _host.RunAsync("check", "--send-test");

        run.ExitCode.Should().Be(0, run.Stdout);
        var test = System.Text.Json.Nodes.JsonNode.Parse(_receiver.Requests[^1].Body)!.AsArray().Single()!.AsObject();
        test.Select(member => member.Key).Should().Equal("kind", "id", "time", "summary");
        ((string)test["kind"]!).Should().Be("test");
        ((string)test["id"]!).Should().MatchRegex(@"^test-\d{8}T\d{13}Z$");
        Parts(run).Should().Contain("✓ test");
        run.Stdout.Should().Contain((string)test["id"]!);
        Contents().Should().Equal(before);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"executable":"/usr/local/bin/op 1 1","version":"1.12.8"}""")]
    public async Task It_writes_nothing_even_where_it_has_learned_something(string known)
    {
        _host.Account.Log(3);
        await _host.CollectAsync();
        await File.WriteAllTextAsync(_host.State("op.json"), known);
        var before = Contents();

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(0, run.Stdout);
        Contents().Should().Equal(before);
    }

    [Fact]
    public async Task A_test_event_that_is_refused_has_its_cross()
    {
        _host.To(_receiver);
        _receiver.Judge = body => body.Length > 0 ? Receiver.Answer.Of(400, "no such field: kind") : null;

        var run = await _host.RunAsync("check", "--send-test");

        run.ExitCode.Should().Be(78);
        run.Lines.Single(line => line.StartsWith('✗')).Should().StartWith("✗ test event").And.ContainAll("answered 400", "no such field");
        run.Stdout.Should().Contain("✓ log");
        Directory.Exists(_host.State("")).Should().BeFalse();
    }

    [Fact]
    public async Task Of_several_failures_the_worst_gives_the_exit_code()
    {
        _host.To(_receiver).Account.With("password", "wrong");
        _host.Configuration["sink"]!["url"] = Receiver.Nowhere;

        var run = await _host.RunAsync("check");

        run.ExitCode.Should().Be(77);
        Parts(run).Should().Equal("✓ configuration", "✓ state", "– detection", "✗ sink", "✗ sign-in");
    }

    [Fact]
    public async Task After_a_refused_password_it_tries_at_once_and_ends_the_pause()
    {
        var log = _host.Account.Log(3);
        _host.Account.With("password", "another");
        await _host.CollectAsync();
        _host.Account.With("password", "correct horse");
        var paused = await _host.CollectAsync();

        var check = await _host.RunAsync("check");
        var run = await _host.CollectAsync();

        paused.ExitCode.Should().Be(77);
        check.ExitCode.Should().Be(0);
        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log);
    }

    void Authorize(string prefix, string token)
    {
        _host.Environment["SIEM_TOKEN"] = token;
        _host.Configuration["sink"]!["auth"] = System.Text.Json.Nodes.JsonNode.Parse(
            $$"""{"header":{"name":"Authorization","prefix":"{{prefix}}","value":{"env":"SIEM_TOKEN"} } }""");
    }

    static string[] Parts(FinishedRun run) => [.. run.Lines[..^1].Where(line => line[0] != ' ').Select(Part)];

    static string Part(string line) => string.Join(' ', line.Split(' ')[..2]);

    // What op itself leaves (its session, the emulator's journal) lies in its own directories.
    string[] Entries() => [.. Directory.EnumerateFileSystemEntries(_host.Root, "*", SearchOption.AllDirectories)
        .Where(path => !path.StartsWith(_host.Home, StringComparison.Ordinal)
            && !path.StartsWith(_host.Temporary, StringComparison.Ordinal)
            && path != _host.ConfigurationFile)
        .Order()];

    string[] Contents() => [.. Entries().Select(
        path => $"{path} {(File.Exists(path) ? $"{File.GetLastWriteTimeUtc(path):O} {File.ReadAllText(path)}" : "")}")];
}
