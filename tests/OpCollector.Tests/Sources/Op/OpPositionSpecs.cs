using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>What the position in a log knows after a page, and what it lets go of.</summary>
public sealed class OpPositionSpecs
{
    static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    readonly OpPosition _empty = OpPosition.At("op:acme", 0);

    [Fact]
    public void The_newest_event_of_a_page_is_the_position()
    {
        var time = Noon.AddMinutes(-3);
        var page = new NewEvents([new ActivityEvent(5, Noon, default), new ActivityEvent(9, time, default)], []);

        var after = _empty.After(page, Noon);

        after.LastEventId.Should().Be(9);
        after.LastEventTime.Should().Be(time);
        after.Recent.Should().Equal(new KnownEvent(5, Noon, Noon), new KnownEvent(9, time, Noon));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2099-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void An_event_without_a_time_that_can_be_believed_is_as_new_as_its_delivery(string? time)
    {
        var page = new NewEvents(
            [new ActivityEvent(
                5,
                Noon.AddHours(-1),
                default), new ActivityEvent(9, time is null ? null : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), default)],
            []);

        var after = _empty.After(page, Noon);

        after.LastEventTime.Should().Be(Noon);
        after.LastEvent(Noon.AddDays(30)).Should().Be(("9", Noon));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2099-01-01T00:00:00Z")]
    public void What_an_older_version_left_of_such_an_event_counts_as_its_delivery(string? time)
    {
        var left = _empty with
        {
            LastEventId = 9,
            LastEventTime = time is null ? null : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture),
            Recent = [new KnownEvent(9, null, Noon)]
        };

        left.LastEvent(Noon.AddDays(30)).Should().Be(("9", Noon));
    }

    [Fact]
    public void A_late_event_is_known_from_then_on_and_does_not_take_the_position_back()
    {
        var position = _empty.After(Page(5, 9), Noon);

        var after = position.After(Page(7), Noon.AddMinutes(1));

        after.LastEventId.Should().Be(9);
        after.LastEventTime.Should().Be(position.LastEventTime);
        Ids(after).Should().Equal(5, 7, 9);
    }

    [Fact]
    public void A_page_of_nothing_but_unreadable_items_leaves_the_position_where_it_was()
    {
        var position = _empty.After(Page(5, 9), Noon);

        var after = position.After(new NewEvents([], [Malformed("1")]), Noon);

        after.LastEventId.Should().Be(9);
        Ids(after).Should().Equal(5, 9);
        after.RecentMalformed.Should().Equal(Malformed("1").Id);
    }

    [Fact]
    public void What_was_delivered_in_the_last_ten_minutes_is_kept()
    {
        var position = _empty.After(Page(Range(1, 300)), Noon).After(Page(Range(301, 60)), Noon.AddMinutes(10));

        Ids(position).Should().Equal(Range(1, 360));
        Ids(position.Pruned(Noon.AddMinutes(10).AddSeconds(1))).Should().Equal(Range(301, 60));
    }

    [Fact]
    public void At_least_fifty_ids_are_kept_however_long_ago_they_were_delivered()
    {
        var position = _empty.After(Page(Range(1, 300)), Noon);

        Ids(position.Pruned(Noon.AddDays(300))).Should().Equal(Range(251, 50));
    }

    [Fact]
    public void At_most_a_thousand_ids_are_kept_however_fast_they_came()
    {
        var position = Enumerable.Range(0, 11).Aggregate(_empty, (before, page) => before.After(Page(Range(1 + (page * 100), 100)), Noon));

        Ids(position).Should().Equal(Range(101, 1000));
    }

    [Fact]
    public void An_old_id_above_a_late_one_is_kept_with_it_because_a_gap_would_be_delivered_again()
    {
        var position = _empty.After(Page(Range(100, 100)), Noon).After(Page(60), Noon.AddMinutes(20));

        Ids(position).Should().Equal([60, .. Range(100, 100)]);
    }

    [Fact]
    public void The_ids_kept_are_always_an_unbroken_upper_end_of_what_was_delivered()
    {
        static bool Holds((byte Minutes, byte[] Steps)[] pages)
        {
            var (position, delivered, now) = (OpPosition.At("op:acme", 0), new SortedSet<long>(), Noon);
            foreach (var (minutes, steps) in pages)
            {
                now = now.AddMinutes(minutes % 15);
                // A source asks from the oldest id kept, and may bring late events above it.
                var page = steps.Select((step, i) => position.AskFrom + 1 + (i * 20) + step)
                    .Where(eid => !delivered.Contains(eid))
                    .Distinct()
                    .Order()
                    .ToArray();
                var before = position.LastEventId;
                position = position.After(Page(page), now);
                delivered.UnionWith(page);
                var kept = Ids(position);
                if (!kept.SequenceEqual(delivered.TakeLast(kept.Length))
                    || kept.Length < Math.Min(50, delivered.Count)
                    || kept.Length > 1000
                    || position.LastEventId < before
                    || position.LastEventId != delivered.LastOrDefault())
                {
                    return false;
                }
            }

            return true;
        }

        var page = ArbMap.Default.GeneratorFor<byte>().Zip(ArbMap.Default.GeneratorFor<byte[]>());
        Check.One(
            Seeds.Try(100),
            Prop.ForAll(page.ArrayOf().Select(each => each.Select(p => (p.Item1, p.Item2)).ToArray()).ToArbitrary(), Holds));
    }

    [Fact]
    public void The_oldest_id_kept_is_asked_from_and_the_bare_position_where_none_is()
    {
        _empty.After(Page(5, 9), Noon).AskFrom.Should().Be(5);
        OpPosition.At("op:acme", 42).AskFrom.Should().Be(42);
    }

    [Fact]
    public void An_unreadable_item_is_remembered_once_and_the_last_thousand_of_them()
    {
        var many = Enumerable.Range(0, 1100).Select(i => Malformed($"{i}")).ToArray();

        var position = _empty.After(new NewEvents([], [.. many, many[^1]]), Noon);

        position.RecentMalformed.Should().Equal(many.TakeLast(1000).Select(each => each.Id));
    }

    static long[] Range(long first, int count) => [.. Enumerable.Range(0, count).Select(i => first + i)];

    static long[] Ids(OpPosition position) => [.. position.Recent.Select(each => each.Eid)];

    static NewEvents Page(params long[] eids) => new([.. eids.Select(eid => new ActivityEvent(eid, null, default))], []);

    static MalformedEvent Malformed(string bytes) => new(System.Text.Encoding.UTF8.GetBytes(bytes), "is not a JSON object");
}
