using System.Text.Json.Nodes;
using OpCollector.Checkpoints;
using OpCollector.Detection;
using OpCollector.Detection.Findings;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>The alarm for silence: once when it begins, once when it is over, and never by a run that has more to read.</summary>
public sealed class SilenceSpecs
{
    static readonly DateTimeOffset Last = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    SilenceAlarms _told = SilenceAlarms.Nothing;

    [Fact]
    public void It_is_told_once_and_once_when_it_is_over()
    {
        Judge(hours: 24).Should().BeEmpty();
        var began = Judge(hours: 24.01);
        Judge(hours: 30).Should().BeEmpty();
        var over = Judge(hours: 31, id: "2", last: Last.AddHours(31));
        Judge(hours: 32, id: "2", last: Last.AddHours(31)).Should().BeEmpty();

        began.Should().ContainSingle().Which.Should().Contain("No event for more than 24 hours, since event 1");
        over.Should().ContainSingle().Which.Should().Contain("Events are coming again");
    }

    [Fact]
    public void A_run_that_has_more_to_read_judges_nothing() => Judge(hours: 48, ReadingState.MoreToRead).Should().BeEmpty();

    [Fact]
    public void A_source_that_cannot_be_read_is_a_finding_of_its_own()
    {
        Judge(hours: 23, ReadingState.WaitingForSource, lastFullRead: Last).Should().BeEmpty();
        Judge(hours: 25, ReadingState.WaitingForSource, lastFullRead: Last).Should().ContainSingle()
            .Which.Should().Contain("could not be read");
        Judge(hours: 26, ReadingState.WaitingForSource, lastFullRead: Last).Should().BeEmpty();
        Judge(hours: 27, id: "2", last: Last.AddHours(26), lastFullRead: Last.AddHours(27)).Should().ContainSingle()
            .Which.Should().Contain("can be read again");
    }

    [Fact]
    public void Where_no_id_says_where_we_are_the_time_does()
    {
        var began = Silence.Judge(
            SilenceSettings.Default, SilenceAlarms.Nothing, (null, Last), ReadingState.AllRead, null, Last.AddDays(2));
        var later = Silence.Judge(
            SilenceSettings.Default, SilenceAlarms.Nothing, (null, Last.AddDays(1)), ReadingState.AllRead, null, Last.AddDays(3));
        var over = Silence.Judge(SilenceSettings.Default, began.Told, (null, Last.AddDays(2)), ReadingState.AllRead, null, Last.AddDays(2));

        began.Findings.Single().Summary.Should().EndWith("since 2026-09-01 12:00:00Z");
        JsonNode.Parse(began.Findings.Single().Bytes.Span)!["eventIds"]!.ToJsonString().Should().Be("[]");
        later.Findings.Single().Id.Should().NotBe(began.Findings.Single().Id);
        over.Findings.Single().Summary.Should().Be("Events are coming again, after none since 2026-09-01 12:00:00Z");
    }

    [Fact]
    public void Without_an_event_or_a_threshold_nothing_is_judged()
    {
        Silence.Judge(SilenceSettings.Default, SilenceAlarms.Nothing, null, ReadingState.AllRead, null, Last.AddDays(9)).Findings
            .Should().BeEmpty();
        Silence.Judge(new SilenceSettings(
            (TimeSpan?)null), SilenceAlarms.Nothing, ("1", Last), ReadingState.AllRead, null, Last.AddDays(9)).Findings
            .Should().BeEmpty();
    }

    [Fact]
    public void Its_time_is_the_last_event_s_and_its_id_the_same_however_often_it_is_made()
    {
        var one = Silence.Judge(SilenceSettings.Default, SilenceAlarms.Nothing, (
            "1", Last), ReadingState.AllRead, null, Last.AddDays(2)).Findings
            .Single();
        var other = Silence.Judge(SilenceSettings.Default, SilenceAlarms.Nothing, (
            "1", Last), ReadingState.AllRead, null, Last.AddDays(3)).Findings
            .Single();

        other.Id.Should().Be(one.Id);
        var json = JsonNode.Parse(one.Bytes.Span)!;
        json["time"]!.ToString().Should().Be("2026-09-01T12:00:00Z");
        json["eventIds"]!.ToJsonString().Should().Be("""["1"]""");
    }

    [Fact]
    public void That_it_is_over_is_the_same_finding_whatever_has_come_meanwhile()
    {
        // As after a run that died behind its delivery: the next one has more events.
        var told = new SilenceAlarms("1", null);
        var one = Silence.Judge(SilenceSettings.Default, told, ("2", Last.AddDays(2)), ReadingState.AllRead, null, Last.AddDays(2)).Findings
            .Single();
        var other = Silence.Judge(SilenceSettings.Default, told, (
            "9", Last.AddDays(3)), ReadingState.AllRead, null, Last.AddDays(3)).Findings
            .Single();

        other.Id.Should().Be(one.Id);
        Silence.Judge(SilenceSettings.Default, new SilenceAlarms(
            "2", null), ("9", Last.AddDays(3)), ReadingState.AllRead, null, Last.AddDays(3)).Findings.Single().Id
            .Should().NotBe(one.Id);
    }

    string[] Judge(
        double hours,
        ReadingState reading = ReadingState.AllRead,
        string id = "1",
        DateTimeOffset? last = null,
        DateTimeOffset? lastFullRead = null)
    {
        (var findings, _told) = Silence.Judge(
            SilenceSettings.Default, _told, (id, last ?? Last), reading, lastFullRead, Last.AddHours(hours));
        return [.. findings.Select(finding => finding.Summary)];
    }
}
