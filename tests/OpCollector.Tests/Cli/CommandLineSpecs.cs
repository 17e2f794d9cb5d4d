using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What people type, and what they are told when it is wrong: one line, exit code 64, and nothing is begun.</summary>
public sealed class CommandLineSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("colect", "\"colect\" is unknown here; did you mean collect?")]
    [InlineData("Collect", "did you mean collect?")]
    [InlineData("shwo", "\"shwo\"")]
    [InlineData("rules lst", "did you mean list? See opcollector rules --help")]
    [InlineData("help colect", "did you mean collect?")]
    [InlineData("check --sendtest", "did you mean --send-test?")]
    [InlineData("backfill --since yesterday", "\"yesterday\" is not a date or time")]
    [InlineData("backfill --since 2026-09-31", "is not a day or time that exists")]
    [InlineData("collect extra", "extra")]
    [InlineData("collect --dryrun", "did you mean --dry-run?")]
    [InlineData("collect --from 5", "--from")]
    [InlineData("collect --limit 5", "--dry-run")]
    [InlineData("collect --dry-run --limit 0", "0")]
    [InlineData("collect --dry-run --limit -1", "-1")]
    [InlineData("collect --dry-run --limit five", "five")]
    [InlineData("collect --dry-run --limit 99999999999", "99999999999")]
    [InlineData("collect --dry-run --limit", "--limit")]
    [InlineData("collect --dry-run --limit 5 --limit 6", "--limit")]
    [InlineData("backfill", "--from")]
    [InlineData("backfill --to 5", "--from")]
    [InlineData("backfill --from", "--from")]
    [InlineData("backfill --from abc", "abc")]
    [InlineData("backfill --from -5", "-5")]
    [InlineData("backfill --from 1.5", "1.5")]
    [InlineData("backfill --from 0x10", "0x10")]
    [InlineData("backfill --from 99999999999999999999", "99999999999999999999")]
    [InlineData("backfill --from @eids.txt", "@eids.txt")]
    [InlineData("backfill --from 9 --to abc", "abc")]
    [InlineData("backfill --from 9 --to 8", "--to")]
    [InlineData("backfill --from 9 --to 9", "--to")]
    [InlineData("backfill --from 9 --from 10", "--from")]
    [InlineData("backfill --from 9 --parallel 17", "1 to 16")]
    [InlineData("checkpoint move", "move")]
    [InlineData("checkpoint set", "set")]
    [InlineData("checkpoint set abc", "abc")]
    [InlineData("checkpoint set -1", "-1")]
    [InlineData("checkpoint set 5 6", "6")]
    [InlineData("checkpoint reset 5", "5")]
    [InlineData("collect --dry-run --quarantine-rejected", "--quarantine-rejected")]
    [InlineData("replay extra", "extra")]
    [InlineData("check extra", "extra")]
    [InlineData("status extra", "extra")]
    [InlineData("@arguments.txt", "@arguments.txt")]
    [InlineData("collect --log-format xml", "xml")]
    [InlineData("collect --log-format", "--log-format")]
    [InlineData("collect --verbose perhaps", "perhaps")]
    [InlineData("collect --config a.json --config b.json", "--config")]
    [InlineData("report --out --config cfg.json", "--out needs a value: \"--config\" is an option")]
    [InlineData("status --max-age --config c.json", "--max-age needs a value: \"--config\" is an option")]
    [InlineData("report --out -v e.ndjson", "--out needs a value: \"-v\" is an option")]
    [InlineData("detect --outputs text e.ndjson", "\"--outputs\" is unknown here; did you mean --output?")]
    [InlineData("report --stream audit -", "\"--stream\" is unknown here")]
    [InlineData("access --a e.ndjson", "\"--a\" is unknown here")]
    [InlineData("profile --charts e.ndjson", "did you mean --chart?")]
    public async Task A_wrong_command_line_is_told_in_one_line(string arguments, string words)
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "arguments.txt"), "collect");
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "eids.txt"), "5");

        var run = await TypeAsync(arguments);

        run.Should().BeEquivalentTo(new { ExitCode = 64, Stdout = "" });
        run.Complaint.Should().Contain(words).And.Contain("--help");
        _host.Account.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("help rules")]
    [InlineData("rules show --help")]
    [InlineData("access --help")]
    public async Task Help_lists_no_values_that_depend_on_the_settings(string arguments)
    {
        var run = await TypeAsync(arguments);

        run.Lines.Should().OnlyContain(line => line.Length < 200);
    }

    [Fact]
    public async Task A_command_below_another_has_no_examples_of_a_command_of_its_name() =>
        (await TypeAsync("rules check --help")).Stdout.Should().NotContain("--send-test");

    [Fact]
    public async Task Behind_two_dashes_a_name_may_begin_with_one() =>
        (await TypeAsync("detect -- --outputs")).Complaint.Should().Contain("--outputs: cannot be read");

    [Theory]
    [InlineData("", "Everyday:")]
    [InlineData("checkpoint", "reset")]
    public async Task A_bare_command_is_answered_with_its_help_and_64(string arguments, string words)
    {
        var run = await TypeAsync(arguments);

        run.Should().BeEquivalentTo(new { ExitCode = 64, Stdout = "" });
        run.Stderr.Should().ContainAll("Usage: opcollector", words).And.NotContain(" ERR ");
        run.Stderr.Split('\n').Should().OnlyContain(line => line.Length <= 80);
    }

    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help collect", "collect --help")]
    [InlineData("help checkpoint set", "checkpoint set --help")]
    public async Task Help_is_a_word_too(string arguments, string same)
    {
        var run = await TypeAsync(arguments);

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().NotBeEmpty().And.Be((await TypeAsync(same)).Stdout);
    }

    [Theory]
    [InlineData("-V")]
    [InlineData("-v -c opcollector.json checkpoint show")]
    public async Task Usual_short_options_work(string arguments)
    {
        await File.WriteAllTextAsync(_host.ConfigurationFile, _host.Configuration.ToJsonString());

        (await TypeAsync(arguments)).ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData("--help", "collect|backfill|checkpoint|replay|check|status")]
    [InlineData("collect --help", "--dry-run|--limit|--quarantine-rejected")]
    [InlineData("collect -h", "--dry-run|--limit")]
    [InlineData("backfill --help", "--from|--to|--since|--until|--parallel|--dry-run")]
    [InlineData("checkpoint --help", "show|set|reset")]
    [InlineData("checkpoint show --help", "opcollector checkpoint show")]
    [InlineData("checkpoint set --help", "<eid>")]
    [InlineData("checkpoint reset --help", "opcollector checkpoint reset")]
    [InlineData("replay --help", "opcollector replay")]
    [InlineData("check --help", "opcollector check")]
    [InlineData("status --help", "opcollector status")]
    [InlineData("man --help", "opcollector man")]
    [InlineData("complete --help", "opcollector complete")]
    public async Task Help_names_every_option_and_nothing_of_this_host(string arguments, string options)
    {
        _host.Environment["OPCOLLECTOR_CONFIG"] = "/hush-hush/opcollector.json";
        _host.Environment["OP_PASSWORD"] = "hush-hush";

        var run = await TypeAsync(arguments);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        run.Stdout.Should().ContainAll(options.Split('|', StringSplitOptions.RemoveEmptyEntries));
        run.Stdout.Should().ContainAll("--config", "--verbose", "--log-format", "--help").And.NotContain("hush-hush");
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("collect --version")]
    [InlineData("--version --verbose")]
    public async Task The_version_is_printed_wherever_it_is_asked_for(string arguments)
    {
        var run = await TypeAsync(arguments);

        run.Should().Be(new FinishedRun(0, "0.1.0\n", ""));
    }

    [Theory]
    [InlineData("--verbose --log-format json --config opcollector.json checkpoint show")]
    [InlineData("checkpoint --verbose --log-format json --config opcollector.json show")]
    [InlineData("checkpoint show --verbose --log-format=json --config=opcollector.json")]
    public async Task Options_that_all_commands_take_may_stand_anywhere(string arguments)
    {
        await File.WriteAllTextAsync(_host.ConfigurationFile, _host.Configuration.ToJsonString());

        var run = await TypeAsync(arguments);

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().Contain(Path.Combine(_host.Root, "state")).And.Contain("no checkpoint yet");
    }

    [Fact]
    public async Task A_value_that_begins_with_an_at_sign_is_a_value()
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "@opcollector.json"), _host.Configuration.ToJsonString());

        var run = await TypeAsync("checkpoint show --config @opcollector.json");

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().Contain("no checkpoint yet");
    }

    [Fact]
    public async Task A_configuration_with_an_empty_name_is_not_another_configuration()
    {
        Directory.CreateDirectory(Path.Combine(_host.Home, ".config", "opcollector"));
        await File.WriteAllTextAsync(
            Path.Combine(_host.Home, ".config", "opcollector", "opcollector.json"), _host.Configuration.ToJsonString());

        var run = await TypeAsync("checkpoint show --config ''");

        run.ExitCode.Should().BeOneOf(64, 78);
        run.Complaint.Should().Contain("--config");
    }

    // As typed: the harness would add --config.
    async Task<FinishedRun> TypeAsync(string arguments)
    {
        using var running = _host.Start("/bin/sh", ["-c", $"exec {ShippedFiles.OpCollector} {arguments}"]);
        return await running.ToEndAsync();
    }
}
