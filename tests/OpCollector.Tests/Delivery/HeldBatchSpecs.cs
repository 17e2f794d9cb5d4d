using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Events;
using OpCollector.Sources.Op;
using OpCollector.Storage;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>What is remembered of a batch that ends one run after the other, until it is suspected or delivered.</summary>
public sealed class HeldBatchSpecs
{
    static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    static readonly Checkpoint Before = new(OpPosition.At("op:acme", 5));

    [Fact]
    public void Three_runs_make_it_suspect()
    {
        var twice = Held(Held(Before, Items(7, 8), Noon), Items(7, 8, 9), Noon.AddMinutes(5));

        IsStuck(twice, Items(7, 8, 9), Noon.AddMinutes(10)).Should().BeFalse();
        IsStuck(Held(twice, Items(7), Noon.AddMinutes(10)), Items(7, 8), Noon.AddMinutes(15)).Should().BeTrue();
    }

    [Fact]
    public void So_does_an_hour()
    {
        var once = Held(Before, Items(7), Noon);

        IsStuck(once, Items(7), Noon.AddMinutes(59)).Should().BeFalse();
        IsStuck(once, Items(7), Noon.AddMinutes(60)).Should().BeTrue();
    }

    [Fact]
    public void A_beginning_that_is_still_to_come_counts_as_none()
    {
        var ahead = Held(Before, Items(7), Noon.AddYears(1));

        IsStuck(ahead, Items(7), Noon.AddMinutes(90)).Should().BeFalse();
        IsStuck(Held(ahead, Items(7), Noon), Items(7), Noon.AddMinutes(60)).Should().BeTrue();
    }

    [Fact]
    public void It_is_about_one_batch_of_one_stream_on_one_route()
    {
        var held = Enumerable.Range(0, 3).Aggregate(Before, (checkpoint, _) => Held(checkpoint, Items(7), Noon));

        IsStuck(held, Items(7), Noon, "signin").Should().BeFalse();
        IsStuck(held, Items(7), Noon, route: "findings").Should().BeFalse();
        IsStuck(held, Items(8), Noon).Should().BeFalse();
        // A late event may stand before it.
        IsStuck(held, Items(6, 7), Noon).Should().BeTrue();
        held.Releasing("audit", Items(8)).Held.Should().Equal(held.Held);
        held.Releasing("audit", Items(6, 7)).Held.Should().BeEmpty();
    }

    [Fact]
    public void Each_route_of_a_page_has_one_of_its_own_and_the_page_releases_both()
    {
        var events = new HeldBatch("audit", "7", 1, Noon);
        var findings = new HeldBatch("audit", "f-7", 2, Noon) { Route = "findings" };

        var held = Before.Holding(events).Holding(findings);

        held.Held.Should().Equal(events, findings);
        held.Holding(findings with { Runs = 3 }).Held.Should().Equal(events, findings with { Runs = 3 });
        held.Releasing("audit", [.. Items(7), Items(7)[0] with { Id = "f-7" }]).Held.Should().BeEmpty();
    }

    [Fact]
    public void It_outlives_the_run()
    {
        using var host = new Sandbox();
        Directory.CreateDirectory(host.State(""));
        var file = new CheckpointFile(new StateDirectory(host.State("")), CheckpointFile.Main, "op:acme", Logger.None);
        var held = Held(Before, Items(7), Noon).Holding(new HeldBatch("audit", "f-7", 2, Noon) { Route = "findings" }) with
        {
            Accepted = Before.Accepted.Add(Route.Usual, "a").Add("findings", "b"),
        };

        file.Write(held);

        file.Read().Should().BeEquivalentTo(held);
    }

    static Checkpoint Held(Checkpoint checkpoint, ActivityEvent[] items, DateTimeOffset now) =>
        checkpoint.Holding((checkpoint.HeldOf(null, "audit", items) ?? new HeldBatch("audit", items[0].Id, 0, now)).Again(now));

    static bool IsStuck(
        Checkpoint checkpoint, ActivityEvent[] items, DateTimeOffset now, string stream = "audit", string? route = null) =>
        checkpoint.HeldOf(route, stream, items)?.IsStuck(now) == true;

    static ActivityEvent[] Items(params int[] eids) => [.. eids.Select(eid => new ActivityEvent(eid, null, default))];
}
