using System.Globalization;

namespace OpCollector.Tests;

/// <summary>
/// Cut off from the database at every message, or overtaken by another host: nothing is lost, at most one batch is repeated for each
/// failure, and the checkpoint never goes back. <c>OPCOLLECTOR_CUTS=1</c> tries every message, an ordinary run each nineteenth.
/// </summary>
[Slow]
public sealed class PostgresCutSpecs : IClassFixture<PostgresServer>, IDisposable
{
    const int Events = 250;
    const int EachNineteenth = 19;

    readonly PostgresServer _server;
    readonly PostgresWorld _world;

    public PostgresCutSpecs(PostgresServer server) => (_server, _world) = (server, new PostgresWorld(server));

    public void Dispose() => _world.Dispose();

    [Theory]
    [InlineData("Before", true)]
    [InlineData("After", true)]
    [InlineData("Before", false)]
    [InlineData("After", false)]
    public async Task Wherever_the_wire_breaks_nothing_is_lost_and_one_batch_repeated_at_most(string cut, bool staysCut)
    {
        var step = Seeds.Variable("OPCOLLECTOR_CUTS") ?? EachNineteenth;
        var isReached = true;
        for (var at = 1 + new Random(Seeds.Draw()).Next(step); isReached; at += step)
        {
            // Who is cut off for good waits for nothing.
            using var world = new PostgresWorld(_server) { Time = staysCut ? new VirtualTime(DateTimeOffset.UtcNow) : TimeProvider.System };
            world.Grow(Events);
            using (var wire = new CutWire(_server.Port) { StaysCut = staysCut })
            {
                wire.Judge = (_, number) => number == at ? Enum.Parse<Cut>(cut) : Cut.None;
                var run = await world.RunAsync(PostgresServer.At(wire.Port));
                run.Code.Should().BeOneOf(ExitCode.Done, ExitCode.HeldUp);
                isReached = wire.Messages >= at;
            }

            await world.GoOnAsync(failures: 1, string.Create(CultureInfo.InvariantCulture, $"cut {cut} message {at}"));
        }
    }

    [Theory]
    [InlineData("Before")]
    [InlineData("After")]
    public async Task A_commit_whose_answer_does_not_come_is_asked_after_and_not_guessed(string cut)
    {
        _world.Grow(Events);
        using var wire = new CutWire(_server.Port);
        var (isPage, isCut) = (false, false);
        wire.Judge = (message, _) =>
        {
            var isCommit = CutWire.IsCommit(message);
            if (isCommit && isPage && !isCut && _world.Batches.Count == 2)
            {
                isCut = true;
                return Enum.Parse<Cut>(cut);
            }

            isPage = !isCommit && (isPage || message.Span.IndexOf("checkpoint.json"u8) >= 0);
            return Cut.None;
        };

        var run = await _world.RunAsync(PostgresServer.At(wire.Port));
        var delivered = _world.Delivered.Length;

        isCut.Should().BeTrue();
        run.Code.Should().Be(cut == "After" ? ExitCode.Done : ExitCode.HeldUp, run.Failure?.Message ?? "");
        await _world.GoOnAsync(failures: cut == "After" ? 0 : 1, cut);
        (_world.Delivered.Length > delivered).Should().Be(cut == "Before");
    }

    [Fact]
    public async Task A_host_that_comes_back_after_another_has_taken_over_fails_with_its_next_page()
    {
        _world.Grow(Events);
        RunOutcome? other = null;
        _world.OnDelivered = count =>
        {
            if (count == 2)
            {
                // Stopped for longer than the lease, with a page delivered and not committed.
                _world.LetLeasesEnd();
                other = _world.RunAsync(host: "two").GetAwaiter().GetResult();
            }
        };

        var run = await _world.RunAsync(host: "one");

        other.Should().Be(RunOutcome.Well);
        run.Code.Should().Be(ExitCode.HeldUp);
        run.Failure!.Message.Should().Contain("taken over");
        _world.Position().Should().Be(Events);
        await _world.GoOnAsync(failures: 1, "overtaken");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task Hosts_that_race_for_a_day_deliver_everything_once(int hosts)
    {
        var rounds = Seeds.Variable("OPCOLLECTOR_ROUNDS") ?? 12;
        var left = 0;
        for (var round = 0; round < rounds; round++)
        {
            _world.Grow(round % 4 == 3 ? 0 : 15 * round);
            var ended = await Task.WhenAll(
                Enumerable.Range(0, hosts).Select(host => Task.Run(() => _world.RunAsync(host: $"host-{host}"))));
            ended.Should().OnlyContain(each => each.Failure == null);
            left += ended.Count(each => each.HasLeft);
        }

        _world.ShouldBeWhole(failures: 0, $"{hosts} hosts");
        left.Should().BePositive("some came while another was at work");
    }
}
