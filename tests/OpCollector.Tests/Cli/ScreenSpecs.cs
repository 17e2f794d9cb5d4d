using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>Tables and pictures: in colours on a terminal, in plain text elsewhere, and one row is one line in a pipe.</summary>
public sealed class ScreenSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_pipe_gets_plain_text_in_columns_with_TAB_between()
    {
        var run = await _host.RunAsync("rules", "list");

        run.Stdout.Should().NotContain("\u001b").And.NotContain("  ");
        run.Lines[0].Should().Be("LEVEL\tRULE\tSTREAM\tTITLE\tACTIVE");
        run.Lines.Should().OnlyContain(line => line.Split('\t', StringSplitOptions.None).Length == 5);
        run.Lines.Should().Contain(line => line.StartsWith(
            "high\tnonadmin-privileged-activity\taudit\tPrivileged activity by somebody who is not an administrator\t" +
                "no: detection.lists.admins ",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_terminal_gets_colours_unless_NO_COLOR_is_set()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script of util-linux makes the terminal");
        _host.Environment["TERM"] = "xterm-256color";

        var coloured = await OnTerminalAsync();
        _host.Environment["NO_COLOR"] = "1";
        var plain = await OnTerminalAsync();

        // 32 and 33 are green and yellow; with 256 colours these are 38;5;2 and 38;5;11.
        coloured.Should().MatchRegex("\u001b\\[(3[0-7]|38;5;)");
        plain.Should().Contain("mfa-disabled").And.NotMatchRegex("\u001b\\[(3[0-7]|38;5;)");
    }

    async Task<string> OnTerminalAsync()
    {
        using var terminal = _host.Start(
            "/bin/sh", ["-c", $"exec /usr/bin/script -qec \"{ShippedFiles.OpCollector} rules list --config $1\" /dev/null"]);
        return (await terminal.ToEndAsync()).Stdout;
    }
}
