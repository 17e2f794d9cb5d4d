using System.Diagnostics;

namespace OpCollector.Tests;

/// <summary>The manual page: made of the help, and sound for those who read such pages.</summary>
public sealed class ManPageSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Every_command_and_option_is_in_it()
    {
        var page = (await _host.RunAsync("man")).Stdout.Replace("\\-", "-", StringComparison.Ordinal);

        foreach (var command in new[] { "collect", "check", "status", "backfill", "access", "rules show", "state copy", "completion" })
        {
            page.Should().Contain($".SS \"opcollector {command}");
        }

        page.Should().ContainAll(
            "--quarantine-rejected", "--output json|text", "-c, --config FILE", "EXIT STATUS", "the configuration, the checkpoint");
        page.Should().NotContain("opcollector man").And.NotContain("opcollector complete ");
    }

    [Fact]
    public async Task It_has_the_date_of_the_commit_it_is_made_of()
    {
        _host.Environment["SOURCE_DATE_EPOCH"] = "1790000000";

        (await _host.RunAsync("man")).Lines[0].Should().StartWith(".TH OPCOLLECTOR 1 \"2026-09-21\" \"opcollector ");
    }

    [Fact]
    public async Task Man_reads_it_without_a_warning()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/man"), "man is not installed");

        var run = await ReadAsync("/usr/bin/man", "--warnings", "-l", await PageAsync());

        run.ExitCode.Should().Be(0);
        run.Stderr.Should().BeEmpty();
        run.Stdout.Should().Contain("opcollector collect");
    }

    [Fact]
    public async Task Mandoc_reads_it_without_a_warning()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mandoc"), "mandoc is not installed");

        (await ReadAsync("/usr/bin/mandoc", "-Tlint", "-Wwarning", await PageAsync())).Should().Be(new FinishedRun(0, "", ""));
    }

    async Task<string> PageAsync()
    {
        var page = Path.Combine(_host.Root, "opcollector.1");
        await File.WriteAllTextAsync(page, (await _host.RunAsync("man")).Stdout);
        return page;
    }

    static async Task<FinishedRun> ReadAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["MANPAGER"] = "cat";
        using var running = new RunningProcess(start);
        return await running.ToEndAsync();
    }
}
