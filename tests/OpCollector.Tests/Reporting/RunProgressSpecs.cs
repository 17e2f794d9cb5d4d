using System.Globalization;
using System.Text.RegularExpressions;
using OpCollector.Checkpoints;
using OpCollector.Reporting;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace OpCollector.Tests;

/// <summary>
/// How far a long run has come: a bar for whoever watches, a line a minute for whoever reads later, nothing for a quick run.
/// </summary>
public sealed partial class RunProgressSpecs : IDisposable
{
    static readonly DateTimeOffset Began = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    static OpPosition At(long eid, double days = 0, long? to = null) =>
        OpPosition.At(SourceRuns.Source, eid, Began.AddDays(days)) with { Backfill = to is { } last ? new OpBackfill(0, last) : null };

    [Fact]
    public void What_is_left_follows_from_the_pace_so_far_and_from_ids_where_the_last_one_is_known()
    {
        var state = ProgressState.Estimate(
            2_500, At(100, to: 900), eventsThen: 500, At(300, days: 1, to: 900), TimeSpan.FromSeconds(20), Began.AddDays(9));

        state.Should().BeEquivalentTo(new { PerSecond = 100, Part = 0.25, Left = TimeSpan.FromMinutes(1) });
        state.Text.Should().Be("2,500 events, 100/s, at 2026-01-02 00:00, 1 min left");
    }

    [Fact]
    public void Without_a_last_id_time_tells_how_far_it_is_to_now()
    {
        var state = ProgressState.Estimate(800, At(100), eventsThen: 0, At(300, days: 1), TimeSpan.FromSeconds(7200), Began.AddDays(4));

        state.Should().BeEquivalentTo(new { Part = 0.25, Left = TimeSpan.FromHours(6) });
        state.Text.Should().EndWith("6 h 0 min left");
    }

    [Fact]
    public void At_the_first_batch_nothing_is_known_of_the_pace()
    {
        ProgressState.Estimate(80, At(100), eventsThen: 80, At(100), TimeSpan.Zero, Began).Text
            .Should().Be("80 events, 0/s, at 2026-01-01 00:00");
    }

    [Fact]
    public async Task A_line_a_minute_is_logged_where_no_bar_can_be_drawn()
    {
        var lines = new List<string>();
        using var log = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(new Listening(lines)).CreateLogger();
        var time = new VirtualTime(Began.AddDays(9));
        await using var progress = new ProgressLines(time, log);
        var counts = new RunCounts();

        for (var second = 0; second < 200; second++)
        {
            counts.Add(events: 50, findings: 0, quarantined: 0);
            progress.Show(counts, At(100 + (second * 7), to: 5000));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        lines.Should().HaveCount(3);
        lines[0].Should().Be("3,050 events, 50/s, at 2026-01-01 00:00, 10 min left");
    }

    [Fact]
    public async Task On_a_terminal_a_long_run_draws_a_bar_that_does_not_tear_its_lines()
    {
        var log = _host.Account.With("answerTime", 250).Log(2500);

        var run = await OnTerminalAsync("backfill --from 1000 --verbose");

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log[1..]);
        run.Stdout.Should().MatchRegex("━.*[0-9,]+ events, [0-9]+/s, at 20").And.Contain(" left");
        // Whatever else is drawn, a line of the log begins at the left and is whole.
        var lines = run.Stdout.Split('\n').Where(line => line.Contains(" DBG Delivered ", StringComparison.Ordinal)).ToArray();
        lines.Should().HaveCountGreaterThan(20).And.OnlyContain(line => LogLine().IsMatch(line));
    }

    [Theory]
    [InlineData("collect")]
    [InlineData("collect --dry-run > /dev/null")]
    public async Task Before_the_first_delivery_the_bar_shows_what_was_read(string arguments)
    {
        _host.Account.With("newer", "newest100").With("answerTime", 250).Log(2500);
        var start = arguments.Split(" > ");

        var run = await OnTerminalAsync(start[0], start.Length > 1 ? "> /dev/null" : "");

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().MatchRegex(@"reading: \d+ pages, [0-9,]+ events, at 20");
    }

    [Fact]
    public async Task A_dry_run_on_a_terminal_ends_the_bar_before_it_prints()
    {
        var log = _host.Account.With("newer", "newest100").With("answerTime", 250).Log(1500);

        var run = await OnTerminalAsync("collect --dry-run --output ndjson");

        run.Stdout.Should().Contain("reading: ");
        var printed = run.Stdout.Split('\n').Where(line => line.StartsWith("{\"eid\":", StringComparison.Ordinal));
        printed.Select(line => Sandbox.Eid(line.TrimEnd('\r'))).Should().Equal(log[1..]).And.HaveCountGreaterThan(1000);
    }

    [Fact]
    public async Task Without_a_terminal_a_line_a_minute_tells_what_was_read()
    {
        var lines = new List<string>();
        using var log = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Sink(new Listening(lines)).CreateLogger();
        var time = new VirtualTime(Began);
        var read = new ReadCount();
        read.Add(100, Began.AddDays(3));
        read.Add(100, Began.AddDays(2));
        var progress = new ProgressLines(time, log);

        progress.Begin(read);
        await Until.IsAsync(() => time.GetUtcNow() >= Began.AddMinutes(2), "two minutes are over");
        await progress.DisposeAsync();

        lines[0].Should().Be("reading: 2 pages, 200 events, at 2026-01-03 00:00");
    }

    [Fact]
    public async Task Without_colours_the_bar_has_none()
    {
        _host.Account.With("answerTime", 250).Log(1500);
        _host.Environment["NO_COLOR"] = "1";

        var run = await OnTerminalAsync("backfill --from 1000");

        run.Stdout.Should().Contain("events, ").And.NotMatchRegex(@"\u001b\[[0-9;]*m");
    }

    [Fact]
    public async Task A_quick_run_draws_none()
    {
        _host.Account.Log(300);

        var run = await OnTerminalAsync("collect");

        run.ExitCode.Should().Be(0);
        run.Stdout.Should().NotContain("━").And.NotContain("\u001b[2K");
    }

    [Fact]
    public async Task In_a_file_nothing_is_drawn()
    {
        _host.Account.With("answerTime", 250).Log(1500);

        var run = await _host.RunAsync("backfill", "--from", "1000");

        run.Should().Be(new FinishedRun(0, "", ""));
    }

    // The harness appends --config FILE, which the shell sees as $0 and $1.
    async Task<FinishedRun> OnTerminalAsync(string arguments, string redirection = "")
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script of util-linux makes the terminal");
        _host.Environment["TERM"] = "xterm-256color";
        using var running = _host.Start(
            "/bin/sh", ["-c", $"exec /usr/bin/script -qec \"{ShippedFiles.OpCollector} {arguments} --config $1 {redirection}\" /dev/null"]);
        return await running.ToEndAsync();
    }

    [GeneratedRegex(@"(^|\u001b\[J)\d{4}-\d\d-\d\dT\S+ DBG Delivered \d+ events and \d+ findings up to event \d+ \([^)]*\)\r?$")]
    private static partial Regex LogLine();

    sealed class Listening(List<string> lines) : ILogEventSink
    {
        public void Emit(LogEvent logEvent) => lines.Add(logEvent.RenderMessage(CultureInfo.InvariantCulture));
    }
}
