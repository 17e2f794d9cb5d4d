using System.Diagnostics;
using System.Text.Json.Nodes;
using EventsApiEmulator;

namespace OpCollector.Tests;

/// <summary>What a shell offers at TAB: commands, options, and values, also those that depend on the settings.</summary>
public sealed class CompletionSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("co", "collect completion config")]
    [InlineData("rules |", "check list show")]
    [InlineData("help ru", "rules")]
    [InlineData("help rules |", "check list show")]
    [InlineData("collect --q", "--quarantine-rejected")]
    [InlineData("collect --output |", "ndjson text")]
    [InlineData("collect --output=n", "--output=ndjson")]
    [InlineData("collect --output text --l", "--limit --log-format")]
    [InlineData("backfill --stream s", "signin")]
    [InlineData("--log-format json st", "state status")]
    [InlineData("schema |", "audit finding itemusage op signin")]
    [InlineData("completion |", "bash fish zsh")]
    [InlineData("rules show mfa-disabled-", "mfa-disabled-account")]
    [InlineData("rules show mfa-disabled m", "")]
    [InlineData("detect |", "")]
    [InlineData("--config |", "")]
    [InlineData("nonsense |", "")]
    public async Task The_last_word_becomes_what_may_be_there(string line, string offered)
    {
        var run = await CompleteAsync(line);

        run.Should().BeEquivalentTo(new { ExitCode = 0, Stderr = "" });
        Values(run).Should().Equal(offered.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Commands_and_options_are_explained() =>
        (await CompleteAsync("sta")).Lines.Should().Contain("state\tCopy the state between the directory and the database");

    [Fact]
    public async Task Rules_and_names_of_the_settings_are_offered()
    {
        Directory.CreateDirectory(Path.Combine(_host.Root, "rules"));
        await File.WriteAllTextAsync(
            Path.Combine(_host.Root, "rules", "my-own-rule.yml"),
            """
            title: My own rule
            name: my-own-rule
            id: 7a2f1c1e-3c0b-4b5c-9c5e-0d8f5a0f1b2c
            logsource: { product: 1password, service: audit }
            detection: { selection: { action: view }, condition: selection }
            level: high
            """);
        _host.Configuration["detection"] = new JsonObject { ["rules"] = new JsonArray("rules/") };
        PutNames();

        Values(await CompleteAsync($"--config {_host.ConfigurationFile} rules show my")).Should().Equal("my-own-rule");
        Values(await CompleteAsync($"access --config {_host.ConfigurationFile} pay")).Should().Equal("Payroll 2026");
    }

    [Fact]
    public async Task The_streams_that_are_configured_are_offered()
    {
        await File.WriteAllTextAsync(_host.ConfigurationFile, _host.Configuration.ToJsonString());
        Values(await CompleteAsync($"--config {_host.ConfigurationFile} backfill --stream |")).Should().BeEmpty("op has one log");

        using var api = new EventsApi();
        _host.From(api, "audit", "signin");
        await File.WriteAllTextAsync(_host.ConfigurationFile, _host.Configuration.ToJsonString());
        Values(await CompleteAsync($"--config {_host.ConfigurationFile} backfill --stream |")).Should().Equal("audit", "signin");
    }

    [Fact]
    public async Task A_configuration_that_is_wrong_takes_nothing_but_its_own_values()
    {
        await File.WriteAllTextAsync(Path.Combine(_host.Root, "broken.json"), "{");

        (await CompleteAsync($"--config {_host.Root}/broken.json rules show m")).Should().Be(new FinishedRun(0, "", ""));
        Values(await CompleteAsync($"--config {_host.Root}/broken.json rules s")).Should().Equal("show");
    }

    [Theory]
    [InlineData("rules show mfa-disabled-", "mfa-disabled-account")]
    [InlineData("collect --output = n", "ndjson")]
    [InlineData("access --config {0} Pay", "Payroll\\ 2026")]
    [InlineData("access --config {0} \"Pay", "Payroll 2026")]
    [InlineData("detect |", "")]
    public async Task Bash_offers_it(string line, string offered)
    {
        PutNames();
        var words = string.Join(' ', Words(line).Select(word => $"'{word}'"));
        var script = $$"""
            source <('{{ShippedFiles.OpCollector}}' completion bash)
            COMP_WORDS=('{{ShippedFiles.OpCollector}}' {{words}}) COMP_CWORD={{Words(line).Length}}
            _opcollector && printf '%s\n' "${COMPREPLY[@]}"
            complete -p opcollector
            """;

        var run = await ShellAsync("/bin/bash", "--norc", "-c", script);

        run.Lines[^1].Should().Be("complete -o default -F _opcollector opcollector");
        string.Join('\n', run.Lines[..^1]).Should().Be(offered);
    }

    [Theory]
    [InlineData("$(touch ran)")]
    [InlineData("`touch ran`")]
    [InlineData("Zoe\"; touch ran; \"")]
    [InlineData("it's; touch ran; '")]
    [InlineData("Zoe\"; touch ran; #")]
    [InlineData("\\\"$(touch ran)")]
    [InlineData("\u00e9$(touch ran) ~ & {a,b} *")]
    public async Task A_name_that_somebody_has_given_themselves_stays_one_word_in_bash_within_any_quotes(string name)
    {
        PutNames(name);
        var script = $$"""
            source <('{{ShippedFiles.OpCollector}}' completion bash)
            for typed in '' '"' "'" '""' "''" "''"'"'; do
                COMP_WORDS=('{{ShippedFiles.OpCollector}}' access --config '{{_host.ConfigurationFile}}' "$typed") COMP_CWORD=4
                _opcollector
                case $typed in '"' | "''"'"') quote='"' ;; "'") quote="'" ;; *) quote= ;; esac
                eval "printf '%s\n' $quote${COMPREPLY[0]}$quote"
            done
            """;

        var run = await ShellAsync("/bin/bash", "--norc", "-c", script);

        run.Should().Be(new FinishedRun(0, string.Concat(Enumerable.Repeat($"{name}\n", 6)), ""));
        File.Exists(Path.Combine(_host.Root, "ran")).Should().BeFalse();
    }

    [Fact]
    public async Task Within_double_quotes_bash_is_not_offered_what_it_would_replace_by_an_earlier_command()
    {
        PutNames("Zoe!!");
        var script = $$"""
            source <('{{ShippedFiles.OpCollector}}' completion bash)
            COMP_WORDS=('{{ShippedFiles.OpCollector}}' access --config '{{_host.ConfigurationFile}}' '"Z') COMP_CWORD=4
            _opcollector && printf '%s\n' "${#COMPREPLY[@]}"
            """;

        (await ShellAsync("/bin/bash", "--norc", "-c", script)).Should().Be(new FinishedRun(0, "0\n", ""));
    }

    [Fact]
    public async Task Zsh_offers_it_at_TAB()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/zsh"), "zsh is not installed");
        Directory.CreateDirectory(Path.Combine(_host.Root, "bin"));
        File.CreateSymbolicLink(Path.Combine(_host.Root, "bin", "opcollector"), ShippedFiles.OpCollector);
        // A zsh in a terminal of its own, as a person has it: what is typed is completed on the line.
        var script = $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell "PATH={{_host.Root}}/bin:$PATH; autoload -Uz compinit; compinit -u -D; source <(opcollector completion zsh); echo rea''dy"
            zpty -r -m shell out '*ready*'
            zpty -w -n shell $'opcollector rules show mfa-disabled-a\t'
            zpty -r -m shell out '*mfa-disabled-account*'
            print -r -- completed
            zpty -d shell
            """;

        (await ShellAsync("/usr/bin/zsh", "-f", "-c", script)).Lines.Should().Equal("completed");
    }

    [Theory]
    [InlineData("rules show mfa-disabled-", "mfa-disabled-account")]
    [InlineData("collect --output n", "ndjson")]
    [InlineData("rules sh", "show\tPrint what a rule looks for, what it needs, and what it may be wrong about")]
    [InlineData("access --config {0} Pay", "Payroll 2026")]
    public async Task Fish_offers_it(string line, string offered)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/fish"), "fish is not installed");
        PutNames();
        Directory.CreateDirectory(Path.Combine(_host.Root, "bin"));
        File.CreateSymbolicLink(Path.Combine(_host.Root, "bin", "opcollector"), ShippedFiles.OpCollector);
        var typed = $"opcollector {string.Join(' ', Words(line))}";

        var run = await ShellAsync(
            "/usr/bin/fish", "--no-config", "-c",
            $"set -x PATH {_host.Root}/bin $PATH; opcollector completion fish | source; complete -C '{typed}'");

        run.Lines.Should().Equal(offered);
    }

    // A stroke at the end stands for a word that is not begun yet.
    static string[] Words(string line, string configuration) =>
        [.. line.Replace("{0}", configuration, StringComparison.Ordinal).Split(' ').Select(word => word == "|" ? "" : word)];

    string[] Words(string line) => Words(line, _host.ConfigurationFile);

    Task<FinishedRun> CompleteAsync(string line) => ShellAsync(ShippedFiles.OpCollector, ["complete", "--", .. Words(line)]);

    static string[] Values(FinishedRun run) => [.. run.Lines.Select(each => each.Split('\t')[0])];

    void PutNames(string name = "Payroll 2026")
    {
        var vault = new JsonObject { ["id"] = "v1", ["name"] = name };
        File.WriteAllText(Path.Combine(_host.Root, "vaults.json"), new JsonArray(vault).ToJsonString());
        _host.Configuration["enrichment"] = new JsonObject { ["lists"] = new JsonArray("vaults.json") };
        File.WriteAllText(_host.ConfigurationFile, _host.Configuration.ToJsonString());
    }

    async Task<FinishedRun> ShellAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _host.Root };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        start.Environment["HOME"] = _host.Home;
        start.Environment["TERM"] = "dumb";
        using var running = new RunningProcess(start);
        return await running.ToEndAsync();
    }
}
