using OpCollector.Checkpoints;
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
        var twice = Before.Holding("audit", Items(7, 8), Noon).Holding("audit", Items(7, 8, 9), Noon.AddMinutes(5));

        twice.IsStuck("audit", Items(7, 8, 9), Noon.AddMinutes(10)).Should().BeFalse();
        twice.Holding("audit", Items(7), Noon.AddMinutes(10)).IsStuck("audit", Items(7, 8), Noon.AddMinutes(15)).Should().BeTrue();
    }

    [Fact]
    public void So_does_an_hour()
    {
        var once = Before.Holding("audit", Items(7), Noon);

        once.IsStuck("audit", Items(7), Noon.AddMinutes(59)).Should().BeFalse();
        once.IsStuck("audit", Items(7), Noon.AddMinutes(60)).Should().BeTrue();
    }

    [Fact]
    public void A_beginning_that_is_still_to_come_counts_as_none()
    {
        var ahead = Before.Holding("audit", Items(7), Noon.AddYears(1));

        ahead.IsStuck("audit", Items(7), Noon.AddMinutes(90)).Should().BeFalse();
        ahead.Holding("audit", Items(7), Noon).IsStuck("audit", Items(7), Noon.AddMinutes(60)).Should().BeTrue();
    }

    [Fact]
    public void It_is_about_one_batch_of_one_stream()
    {
        var held = Enumerable.Range(0, 3).Aggregate(Before, (checkpoint, _) => checkpoint.Holding("audit", Items(7), Noon));

        held.IsStuck("signin", Items(7), Noon).Should().BeFalse();
        held.IsStuck("audit", Items(8), Noon).Should().BeFalse();
        // A late event may stand before it.
        held.IsStuck("audit", Items(6, 7), Noon).Should().BeTrue();
        held.Releasing("audit", Items(8)).Held.Should().Equal(held.Held);
        held.Releasing("audit", Items(6, 7)).Held.Should().BeEmpty();
    }

    [Fact]
    public void It_outlives_the_run()
    {
        using var host = new Sandbox();
        Directory.CreateDirectory(host.State(""));
        var file = new CheckpointFile(new StateDirectory(host.State("")), CheckpointFile.Main, "op:acme", Logger.None);
        var held = Before.Holding("audit", Items(7), Noon);

        file.Write(held);

        file.Read().Should().BeEquivalentTo(held);
    }

    static ActivityEvent[] Items(params int[] eids) => [.. eids.Select(eid => new ActivityEvent(eid, null, default))];
}
