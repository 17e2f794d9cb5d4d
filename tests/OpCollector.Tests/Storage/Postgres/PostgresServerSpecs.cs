using System.Globalization;

namespace OpCollector.Tests;

/// <summary>The server dies, is full, only reads, or hands over to another: nothing is lost, and nothing is guessed at.</summary>
[Slow]
public sealed class PostgresServerSpecs : IDisposable
{
    const int Events = 250;

    readonly PostgresServer _server = new();
    readonly PostgresWorld _world;

    public PostgresServerSpecs() => _world = new PostgresWorld(_server);

    public void Dispose()
    {
        _world.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task The_server_killed_in_the_middle_of_a_commit_loses_nothing()
    {
        for (var at = 4; at <= 6; at += 2)
        {
            using var world = new PostgresWorld(_server);
            world.Grow(Events);
            using (var wire = new CutWire(_server.Port))
            {
                var (commits, killing) = (0, (Task?)null);
                wire.Judge = (message, _) =>
                {
                    if (CutWire.IsCommit(message) && ++commits == at)
                    {
                        // It hears the message, and dies over it; seconds later it is there again.
                        killing = Task.Run(() =>
                        {
                            _server.Kill();
                            _server.Start();
                        });
                    }

                    return Cut.None;
                };
                var run = await world.RunAsync(PostgresServer.At(wire.Port));
                run.Code.Should().BeOneOf(ExitCode.Done, ExitCode.HeldUp);
                await killing!;
            }

            await world.GoOnAsync(failures: 1, string.Create(CultureInfo.InvariantCulture, $"killed in commit {at}"));
        }
    }

    [Fact]
    public async Task A_restart_between_two_pages_is_no_failure()
    {
        _world.Grow(Events);
        _world.OnDelivered = count =>
        {
            if (count == 2)
            {
                _server.Kill();
                _server.Start();
            }
        };

        var run = await _world.RunAsync();

        run.Should().Be(RunOutcome.Well, run.Failure?.Message ?? "");
        _world.ShouldBeWhole(failures: 0, "restarted");
    }

    [Fact]
    public async Task A_standby_takes_nothing_before_the_fail_over_and_everything_after_it()
    {
        _world.Grow(Events);
        using var standby = _server.Standby();
        var both = $"Host=127.0.0.1:{_server.Port},127.0.0.1:{standby.Port};Target Session Attributes=primary;Username=postgres;" +
            "Database=postgres;Timeout=15;Host Recheck Seconds=1";
        (await _world.RunAsync(both)).Should().Be(RunOutcome.Well);
        _world.Grow(Events);
        var early = await _world.RunAsync(standby.Connection);
        early.Code.Should().Be(ExitCode.HeldUp);
        early.Failure!.Message.Should().Contain("read-only, as a standby is");
        SpinWait.SpinUntil(() => Caught(standby), TimeSpan.FromSeconds(20)).Should().BeTrue();
        var before = _world.Batches.Count;
        var isOver = false;
        _world.OnDelivered = count =>
        {
            if (count == before + 1)
            {
                (isOver, _) = (true, Promoted(standby));
            }
        };

        var run = await _world.RunAsync(both);
        _world.OnDelivered = _ => { };

        isOver.Should().BeTrue($"it began on the first server: {run}");
        run.Code.Should().BeOneOf(ExitCode.Done, ExitCode.HeldUp);
        _world.MoveTo(standby);
        await _world.GoOnAsync(failures: 1, "failed over");
    }

    [Fact]
    public async Task A_full_disk_counts_nothing_as_written_and_the_next_run_goes_on()
    {
        var place = Directory.CreateTempSubdirectory("opcollector-small-");
        File.SetUnixFileMode(place.FullName, (UnixFileMode)0b111_101_101);
        using var disk = new SmallDisk(Path.Combine(place.FullName, "disk"), "size=80m");
        using var server = PostgresServer.In(disk.Place);
        using var world = new PostgresWorld(server);
        world.Grow(Events);
        (await world.RunAsync()).Should().Be(RunOutcome.Well);
        world.Grow(Events);
        disk.Fill();

        RunOutcome full;
        do
        {
            world.Grow(Events);
            full = await world.RunAsync();
        }
        while (full == RunOutcome.Well);

        full.Code.Should().BeOneOf(ExitCode.Disk, ExitCode.HeldUp);
        File.Delete(disk.Filler);
        server.Kill();
        server.Start();
        await world.GoOnAsync(failures: 1, "full");
    }

    PostgresServer Promoted(PostgresServer standby)
    {
        _server.Kill();
        standby.Promote();
        return standby;
    }

    bool Caught(PostgresServer standby) =>
        $"{_server.Ask("SELECT pg_current_wal_lsn()")}" == $"{standby.Ask("SELECT pg_last_wal_replay_lsn()")}";
}
