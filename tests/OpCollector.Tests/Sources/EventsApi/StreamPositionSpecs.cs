using OpCollector.Events;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary>Positions in a stream, as values.</summary>
public sealed class StreamPositionSpecs
{
    static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    readonly StreamPosition _begun = new(From: Noon.AddDays(-2), LookedBackAt: Noon.AddHours(-6));

    static ActivityEvent At(DateTimeOffset? time) => new(0, time, default);

    [Fact]
    public void A_page_moves_the_cursor_and_the_time_of_the_newest_event()
    {
        var after = _begun.After([At(Noon.AddHours(-2)), At(Noon.AddHours(-3)), At(null)], "c", Noon);

        after.Should().Be(_begun with { Cursor = "c", LastEventTime = Noon.AddHours(-2) });
        after.After([At(Noon.AddHours(-4))], "d", Noon).LastEventTime.Should().Be(Noon.AddHours(-2), "it never goes back");
        after.After([], "d", Noon).Should().Be(after with { Cursor = "d" });
    }

    [Fact]
    public void A_time_in_the_future_is_now() =>
        _begun.After([At(Noon.AddYears(100))], "c", Noon).LastEventTime.Should().Be(Noon);

    [Fact]
    public void A_restart_goes_back_from_the_last_event_and_not_behind_the_beginning()
    {
        var after = _begun.After([At(Noon)], "c", Noon);

        after.Restarted(Hour).Should().Be(after with { Cursor = null, Since = Noon - Hour });
        after.Restarted(1000 * Hour).AskFrom.Should().Be(_begun.From);
        _begun.Restarted(Hour).AskFrom.Should().Be(_begun.From);
    }

    [Fact]
    public void A_look_back_begins_where_the_one_before_ended_less_the_overlap()
    {
        var looking = _begun.LookingBack(Hour, Noon);

        looking.LookBack.Should().Be(new LookBack(Noon.AddHours(-7), Noon));
        looking.AfterLookBack([], "c", hasMore: true, Noon).LookBack.Should().Be(new LookBack(Noon.AddHours(-7), Noon, "c"));
        looking.AfterLookBack([], "c", hasMore: false, Noon).Should().Be(_begun with { LookedBackAt = Noon });
    }

    [Fact]
    public void A_look_back_leaves_the_cursor_of_the_stream_alone() =>
        (_begun with { Cursor = "tail" }).LookingBack(Hour, Noon).AfterLookBack([At(Noon.AddHours(-1))], "c", hasMore: true, Noon).Cursor
            .Should().Be("tail");

    [Fact]
    public void What_may_be_read_again_is_kept_in_mind()
    {
        _begun.OldestAsked(Hour).Should().Be(_begun.From - Hour, "until there is an event, a restart would begin at the beginning");
        (_begun with { LastEventTime = Noon }).OldestAsked(Hour).Should().Be(Noon.AddHours(-7));
        (_begun with { LastEventTime = Noon.AddHours(-9) }).OldestAsked(Hour).Should().Be(Noon.AddHours(-10));
    }
}
