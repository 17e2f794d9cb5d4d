using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>A wrong configuration as cron meets it: one line, exit code 78, and nothing is begun.</summary>
public sealed class MisconfigurationSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("collect")]
    [InlineData("collect --dry-run")]
    [InlineData("backfill --from 5")]
    [InlineData("checkpoint show")]
    [InlineData("status")]
    public async Task Every_command_refuses_it_with_the_place_and_begins_nothing(string arguments)
    {
        _host.Configuration["strat"] = "24h";

        var run = await _host.RunAsync(arguments.Split(' '));

        run.Should().BeEquivalentTo(new { ExitCode = 78, Stdout = "" });
        run.Complaint.Should().MatchRegex($"{Regex.Escape(_host.ConfigurationFile)}:1:[0-9]+: strat: unknown");
        Directory.Exists(Path.Combine(_host.Root, "state")).Should().BeFalse();
        _host.Account.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"sink":{"type":"file","path":"state/checkpoint.json"}}""", "sink.path: is in the state directory")]
    [InlineData("""{"sink":{"type":"file","path":"./out/../state/mine.ndjson"}}""", "sink.path: is in the state directory")]
    [InlineData("""{"sink":{"type":"file","path":"opcollector.json"}}""", "sink.path: is the configuration itself")]
    [InlineData("""{"metrics":{"file":"state/quarantine.ndjson"}}""", "metrics.file: is in the state directory")]
    [InlineData(
        """{"metrics":{"file":"out/x"},"sink":{"type":"file","path":"out/x"}}""",
        "metrics.file: is the file of sink.path; name another")]
    [InlineData("""{"metrics":{"file":"other-name/opcollector.json"}}""", "metrics.file: is the configuration itself")]
    [InlineData("""{"sink":{"type":"file","path":"linked"}}""", "sink.path: is in the state directory")]
    [InlineData(
        """{"metrics":{"file":"lists.json"},"enrichment":{"lists":["lists.json"]}}""",
        "metrics.file: is the file of enrichment.lists[0]")]
    [InlineData(
        """{"sink":{"type":"file","path":"out/x","routes":{"findings":{"path":"state/op.json"}}}}""",
        "sink.routes.findings.path: is in the state directory")]
    public async Task Nothing_is_delivered_into_the_program_s_own_files(string settings, string words)
    {
        foreach (var (name, value) in JsonNode.Parse(settings)!.AsObject())
        {
            _host.Configuration[name] = value!.DeepClone();
        }

        Directory.CreateDirectory(
            Path.Combine(_host.Root, "state"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(Path.Combine(_host.Root, "linked"), _host.State("op.json"));
        Directory.CreateSymbolicLink(Path.Combine(_host.Root, "other-name"), _host.Root);
        await File.WriteAllTextAsync(_host.State("quarantine.ndjson"), "{}\n");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Complaint.Should().Contain(words);
        _host.Account.Calls.Should().BeEmpty();
        (await File.ReadAllTextAsync(_host.State("quarantine.ndjson"))).Should().Be("{}\n");
        Directory.GetFiles(_host.State("")).Select(Path.GetFileName).Should().BeEquivalentTo("collect.lock", "quarantine.ndjson");
        JsonNode.Parse(await File.ReadAllTextAsync(_host.ConfigurationFile)).Should().NotBeNull();
    }

    [Fact]
    public async Task The_file_is_found_by_the_environment_too()
    {
        await File.WriteAllTextAsync(_host.ConfigurationFile, _host.Configuration.ToJsonString());
        _host.Environment["OPCOLLECTOR_CONFIG"] = "opcollector.json";
        using var running = _host.Start("/bin/sh", ["-c", $"exec {ShippedFiles.OpCollector} collect"]);

        var run = await running.ToEndAsync();

        run.ExitCode.Should().Be(0);
        File.Exists(_host.State("checkpoint.json")).Should().BeTrue();
    }

    [Fact]
    public async Task Where_none_is_found_the_places_are_named()
    {
        using var running = _host.Start("/bin/sh", ["-c", $"exec {ShippedFiles.OpCollector} collect"]);

        var run = await running.ToEndAsync();

        run.Should().BeEquivalentTo(new { ExitCode = 78, Stdout = "" });
        run.Complaint.Should().ContainAll(
            $"{_host.Home}/.config/opcollector/opcollector.json", "/etc/opcollector/opcollector.json", "--config");
    }

    [Theory]
    [InlineData("missing-op", "not found in PATH=/usr/bin:/bin")]
    [InlineData("./missing-op", "does not exist")]
    [InlineData("./opcollector.json", "is not executable")]
    [InlineData("./home", "")]
    [InlineData("./broken-op", "cannot be started")]
    public async Task An_op_that_cannot_be_started_is_named_with_what_to_set(string path, string words)
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "broken-op"), "#!/nowhere/sh\n");
        File.SetUnixFileMode(Path.Combine(_host.Root, "broken-op"), (UnixFileMode)Convert.ToInt32("755", 8));
        _host.Configuration["start"] = "latest";
        _host.Configuration["source"]!["op"]!["path"] = path;

        var run = await _host.CollectAsync();

        run.Should().BeEquivalentTo(new { ExitCode = 78, Stdout = "" });
        run.Complaint.Should().ContainAll(Path.GetFileName(path), "source.op.path").And.Match($"*{words}*");
    }

    [Theory]
    [InlineData("maxRunTime")]
    [InlineData("source.op.timeout")]
    [InlineData("sink.timeout")]
    public async Task A_time_that_is_longer_than_any_timer_runs_is_no_bug(string member)
    {
        _host.Account.Log(3);
        _host.To(_receiver);
        var path = member.Split('.');
        path[..^1].Aggregate((JsonNode)_host.Configuration, (node, name) => node[name]!)[path[^1]] = "60d";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().BeOneOf(0, 78);
        run.Complaint.Should().NotContain("bug");
    }

    [Theory]
    [InlineData("Content-Type")]
    [InlineData("Content-Language")]
    [InlineData("Expires")]
    public async Task A_header_is_sent_or_refused_and_never_left_out_in_silence(string name)
    {
        _host.Account.Log(3);
        _host.To(_receiver).Configuration["sink"]!["headers"] = new JsonObject { [name] = "application/x-acme" };

        var run = await _host.CollectAsync();

        (run.ExitCode == 78 || _receiver.Requests is [var request] && request.Header(name) == "application/x-acme")
            .Should().BeTrue("a setting has an effect or is refused, but the run ended with {0}", run.ExitCode);
    }

    [Fact]
    public async Task A_header_that_no_request_can_carry_is_the_configurations_fault_and_not_the_sinks()
    {
        _host.Account.Log(3);
        _host.Environment["SIEM_TOKEN"] = "schlüssel";
        _host.To(_receiver).Configuration["sink"]!["auth"] = JsonNode.Parse("""{"bearer":{"env":"SIEM_TOKEN"}}""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Stderr.Should().Contain("sink.auth.bearer").And.NotContain("schlüssel");
    }

    [Theory]
    [InlineData("source.op.password")]
    [InlineData("source.op.totpSecret")]
    [InlineData("sink.url")]
    public async Task A_secret_that_is_not_set_is_named_and_1Password_is_not_asked(string member)
    {
        _host.To(_receiver).Configuration["start"] = "latest";
        var path = member.Split('.');
        path[..^1].Aggregate((JsonNode)_host.Configuration, (node, name) => node[name]!)[path[^1]] =
            new JsonObject { ["env"] = "OP_MISSING" };

        var run = await _host.CollectAsync();

        run.Should().BeEquivalentTo(new { ExitCode = 78, Stdout = "" });
        run.Complaint.Should().ContainAll($"{_host.ConfigurationFile}:", member, "OP_MISSING", "not set");
        _host.Account.Calls.Should().NotContain(call => call.StartsWith("signin", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dry_run_needs_no_secret_of_the_sink()
    {
        var log = _host.Account.Log(3);
        _host.Configuration["sink"] =
            JsonNode.Parse("""{"type":"webhook","url":{"env":"OP_MISSING"},"auth":{"bearer":{"file":"/nowhere"}}}""");

        var run = await _host.CollectAsync("--dry-run");

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Lines.Select(Sandbox.Eid).Should().Equal(log);
    }
}
