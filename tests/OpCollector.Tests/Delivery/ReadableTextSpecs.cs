using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>What a person sees of events, on a terminal or by <c>--output text</c>.</summary>
public sealed class ReadableTextSpecs : IDisposable
{
    const string Alice = "CTHSZQHLERKQXM2YFC3S4U5ZU4";

    readonly Sandbox _host = new();

    public ReadableTextSpecs() => _host.Account.Append(
        $$"""{"eid":1,"time":"2026-09-01T08:30:00.123+02:00","actorUuid":"{{Alice}}","action":"export","objectType":"vault","objectUuid":"d2k73hwo5xsmh5gwed5sg3mchi"}""",
        $$"""{"eid":2,"actorUuid":"{{Alice}}","action":"invite\u001b[2J\u202e\u200f\u061c\n","objectType":"user"}""",
        """{"eid":3,"time":"2026-09-01T08:30:00Z","other":"member"}""",
        """{"eid":4,"time":"2026-09-01T08:30:00Z","summary":"\ud800"}""");

    public void Dispose() => _host.Dispose();

    static string Table => """
        2026-09-01 06:30:00Z  Alice Ångström exported the vault Shared
                              ! medium  Vault exported
        no time               Alice Ångström performed the action invite [2J���
        2026-09-01 08:30:00Z  {"eid":3,"time":"2026-09-01T08:30:00Z","other":"member"}
        2026-09-01 08:30:00Z  �

        """;

    [Fact]
    public async Task A_line_is_the_time_and_the_sentence()
    {
        var run = await _host.CollectAsync("--dry-run", "--output", "text");

        (run.ExitCode, run.Stdout).Should().Be((0, Table));
        run.Stderr.Should().Contain("1 event tells no time").And.Contain("such as event 2");
    }

    [Fact]
    public async Task On_a_terminal_it_is_the_usual_form()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script of util-linux makes the terminal");
        using var terminal = _host.Start(
            "/bin/sh", ["-c", $"exec /usr/bin/script -qec \"{ShippedFiles.OpCollector} collect --dry-run --config $1\" /dev/null"]);

        var run = await terminal.ToEndAsync();

        run.Stdout.Replace("\r", "", StringComparison.Ordinal).Should().Contain(Table);
    }

    [Fact]
    public async Task In_a_pipe_the_usual_form_is_whole_events()
    {
        var run = await _host.CollectAsync("--dry-run");
        var same = await _host.CollectAsync("--dry-run", "--output", "ndjson");

        run.Lines.Where(line => !line.StartsWith("{\"kind\":\"finding\"", StringComparison.Ordinal)).Select(Sandbox.Eid)
            .Should().Equal(1, 2, 3, 4);
        run.Lines[1].Should().StartWith("{\"kind\":\"finding\"");
        (same.ExitCode, same.Stdout).Should().Be((0, run.Stdout));
    }

    [Theory]
    [InlineData("--output", "text")]
    [InlineData("--dry-run", "--output", "table")]
    public async Task A_wrong_use_is_a_usage_error(params string[] options) => (await _host.CollectAsync(options)).ExitCode.Should().Be(64);
}
