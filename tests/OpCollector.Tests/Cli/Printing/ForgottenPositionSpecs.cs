using OpCollector.Cli.Printing;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary>What <c>checkpoint reset</c> says of the position that it has forgotten.</summary>
public sealed class ForgottenPositionSpecs
{
    static readonly DateTimeOffset Now = new(2026, 9, 10, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_several_streams_what_is_skipped_is_counted_from_the_one_that_is_farthest_behind()
    {
        var positions = StreamPositions.Create(
            "events:test",
            [
                ("audit", new StreamPosition(Now.AddDays(-20), Now, LastEventTime: Now.AddHours(-1))),
                ("signin", new StreamPosition(Now.AddDays(-20), Now, LastEventTime: Now.AddDays(-3))),
                ("itemusage", new StreamPosition(Now.AddDays(-5), Now)),
            ]) with
        {
            LastEventTime = Now.AddHours(-1),
        };

        var lines = new ForgottenPosition(positions, "/state", new StartingPoint("24h", Ago: TimeSpan.FromHours(24)), Now).Lines;

        lines.Should().Contain(line => line.EndsWith("opcollector backfill --since 2026-09-05T12:00:00Z", StringComparison.Ordinal));
    }
}
