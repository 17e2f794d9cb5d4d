using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma.Correlations;

namespace OpCollector.Tests;

/// <summary>
/// Correlations: windows of event time, groups, order, late and repeated events, and that they forget in the right order.
/// </summary>
public sealed class CorrelationSpecs
{
    const string Count = "type: event_count\nrules: [a]\ngroup-by: [actor_uuid]\ntimespan: 10s\ncondition:\n  gte: 3";

    int _eid;

    [Fact]
    public void The_far_edge_of_a_window_is_inside()
    {
        See(Counting(Count), "a 0", "a 5", "a 10").Should().Equal(0, 0, 1);
        See(Counting(Count), "a 0", "a 5", "a 11").Should().Equal(0, 0, 0);
    }

    [Fact]
    public void A_group_counts_by_itself_and_what_is_absent_is_no_group()
    {
        See(Counting(Count), "a 0 X", "a 1 Y", "a 2 X", "a 3 Y", "a 4 X").Should().Equal(0, 0, 0, 0, 1);
        See(Counting(Count), "a 0 -", "a 1 -", "a 2 -").Should().Equal(0, 0, 0);
        See(Counting(Count), "a 0 =", "a 1 =", "a 2 =").Should().Equal(0, 0, 0);
    }

    [Fact]
    public void Values_of_any_length_differ_by_their_ends_too()
    {
        var (one, other) = (new string('X', 70_000) + "1", new string('X', 70_000) + "2");

        See(Counting(Count), $"a 0 {one}", $"a 1 {other}", $"a 2 {one}", $"a 3 {other}", $"a 4 {one}").Should().Equal(0, 0, 0, 0, 1);
    }

    [Fact]
    public void A_late_event_is_inserted_at_its_own_time()
    {
        See(Counting(Count), "a 0", "a 10", "a 5").Should().Equal(0, 0, 1);
        See(Counting(Count), "a 0", "a 11", "a 5").Should().Equal(0, 0, 0);
    }

    [Fact]
    public void An_event_counts_once_however_often_it_arrives()
    {
        var sigma = Counting(Count);
        var twice = Event("a 1");

        Sees(sigma, Event("a 0"), twice, twice, twice).Should().Equal(0, 0, 0, 0);
        sigma.See(Event("a 2")).Should().ContainSingle();
    }

    [Fact]
    public void One_burst_is_one_finding_until_its_timespan_has_passed_without_a_match()
    {
        See(Counting(Count), "a 0", "a 1", "a 2", "a 3", "a 4", "a 5", "a 6").Should().Equal(0, 0, 1, 0, 0, 0, 0);
        See(Counting(Count), "a 0", "a 1", "a 2", "a 12", "a 13", "a 14", "a 15").Should().Equal(0, 0, 1, 0, 0, 1, 0);
        See(Counting(Count), "a 0", "a 1", "a 2", "a 9", "a 10", "a 11", "a 19", "a 20", "a 21").Should().Equal(
            [0, 0, 1, 0, 0, 0, 0, 0, 0], "it goes on, however long");
    }

    [Fact]
    public void Values_are_counted_once_each()
    {
        var count = Count.Replace("event_count", "value_count", StringComparison.Ordinal) + "\n  field: object_uuid";

        See(Counting(count), "a 0 X v", "a 1 X v", "a 2 X w", "a 3 X x").Should().Equal(0, 0, 0, 1);
        See(Counting(count), "a 0 X v", "a 1 X w", "a 2 X").Should().Equal(0, 0, 0);
    }

    [Theory]
    [InlineData("gt: 2", 3)]
    [InlineData("gte: 2", 2)]
    [InlineData("eq: 2", 2)]
    [InlineData("lt: 2", 1)]
    [InlineData("lte: 2", 1)]
    [InlineData("neq: 1", 2)]
    [InlineData("gt: 1\n  lt: 4", 2)]
    public void The_condition_says_what_the_count_has_to_be(string condition, int first)
    {
        var found = See(Counting(Count.Replace("gte: 3", condition, StringComparison.Ordinal)), "a 0", "a 1", "a 2");

        Array.IndexOf(found, 1).Should().Be(first - 1);
    }

    [Fact]
    public void Upper_and_lower_case_are_one_value_and_one_group()
    {
        var count = Count
            .Replace("event_count", "value_count", StringComparison.Ordinal)
            .Replace("gte: 3", "gte: 2", StringComparison.Ordinal);

        See(Counting(count + "\n  field: object_uuid"), "a 0 X se", "a 1 x SE", "a 2 X no").Should().Equal(0, 0, 1);
    }

    [Fact]
    public void Several_fields_are_counted_together()
    {
        var count = Count.Replace("event_count", "value_count", StringComparison.Ordinal) + "\n  field: [object_uuid, action]";

        See(Counting(count), "a 0 X v", "a 1 X w", "a 2 X v", "a 3 X x").Should().Equal(0, 0, 0, 1);
    }

    [Theory]
    [InlineData("value_sum", "gte: 6", 3)]
    [InlineData("value_sum", "gt: 6.5", 4)]
    [InlineData("value_avg", "lt: 3.1", 3)]
    [InlineData("value_percentile", "gte: 4", 1)]
    [InlineData("value_percentile", "lte: 1\n  percentile: 25", 3)]
    public void Numbers_are_summed_averaged_and_ranked(string type, string condition, int first)
    {
        var sigma = Counting($"type: {type}\nrules: [a]\ntimespan: 10s\ncondition:\n  field: object_uuid\n  {condition}");

        var found = See(sigma, "a 0 X 5", "a 1 X none", "a 2 X 1", "a 3 X 4");

        (Array.FindIndex(found, count => count > 0) + 1).Should().Be(first);
    }

    [Theory]
    [InlineData("temporal", "gte: 2", 2)]
    [InlineData("temporal", "eq: 3", 4)]
    [InlineData("temporal_ordered", "gte: 2", 3)]
    [InlineData("temporal_ordered", "gte: 3", 0)]
    public void A_condition_says_how_many_different_rules_are_enough(string type, string condition, int first)
    {
        var third = Sigma.Rule("s:\n  action: c\ncondition: s", "c");
        var sigma = Sigma.Of(
            $"{Two}---\n{third}---\n{Sigma.Correlation($"type: {type}\nrules: [a, b, c]\ntimespan: 10s\ncondition:\n  {condition}")}");

        var found = See(sigma, "b 0", "a 1", "b 2", "c 2");

        (Array.FindIndex(found, count => count > 0) + 1).Should().Be(first);
    }

    [Fact]
    public void Its_parts_report_by_themselves_where_the_top_of_the_rule_says_so() => See(
        Sigma.Of($"{Sigma.Rule("s:\n  action: a\ncondition: s", "a")}---\n{Sigma.Correlation(Count)}generate: true\n"),
        "a 0", "a 1", "a 2").Should().Equal(1, 1, 2);

    [Fact]
    public void Equal_times_satisfy_temporal_and_not_temporal_ordered()
    {
        See(Pair("temporal"), "b 5", "a 5").Should().Equal(0, 1);
        See(Pair("temporal_ordered"), "b 5", "a 5").Should().Equal(0, 0);
        See(Pair("temporal_ordered"), "a 5", "b 5").Should().Equal(0, 0);
    }

    [Fact]
    public void Any_order_is_temporal_and_only_the_right_one_temporal_ordered()
    {
        See(Pair("temporal"), "b 0", "a 10").Should().Equal(0, 1);
        See(Pair("temporal_ordered"), "b 0", "a 10").Should().Equal(0, 0);
        See(Pair("temporal_ordered"), "a 0", "b 10").Should().Equal(0, 1);
        See(Pair("temporal_ordered"), "a 0", "b 11").Should().Equal(0, 0);
    }

    [Theory]
    [InlineData("temporal")]
    [InlineData("temporal_ordered")]
    public void One_act_followed_by_many_others_is_one_finding(string type)
    {
        See(Pair(type), "a 0", "b 1", "b 2", "b 9", "a 12", "b 13").Should().Equal(0, 1, 0, 0, 0, 0);
        See(Pair(type), "a 0", "b 1", "b 2", "b 30", "a 45", "b 46").Should().Equal(
            [0, 1, 0, 0, 0, 1], "what belongs to it has been over for longer than its timespan");
    }

    [Fact]
    public void A_value_is_new_once_the_usual_ones_are_learned()
    {
        var sigma = Counting("type: first_seen\nrules: [a]\ngroup-by: [actor_uuid]\nfield: object_uuid\ntimespan: 100m\nlearning: 60m");

        string[] learned = ["a 0 X v", "a 1800 X w", "a 3660 X w"];
        string[] later = ["a 3720 X u", "a 3780 X u", "a 3840 Y t", "a 5400 X w", "a 7500 Y s", "a 9900 X u"];

        See(sigma, [.. learned, .. later]).Should().Equal(
            [0, 0, 0, 1, 0, 0, 0, 1, 1], "Y is learned anew, and u is forgotten after the timespan");
    }

    [Fact]
    public void What_does_not_follow_in_time_is_told_by_a_later_event()
    {
        var sigma = Sigma.Of(
            $"{Two}---\n{Sigma.Correlation("type: absence\nrules: [a, b]\ngroup-by: [actor_uuid]\ntimespan: 10s")}");

        See(sigma, "a 0 X", "b 5 X", "a 6 X", "a 7 Y", "b 15 Z", "b 16 Z", "b 17 X").Should().Equal(0, 0, 0, 0, 0, 1, 1);
    }

    [Fact]
    public void It_fires_when_the_last_member_arrives_whichever_that_is()
    {
        See(Pair("temporal_ordered"), "b 10", "a 0").Should().Equal(0, 1);
        See(Pair("temporal_ordered"), "b 10", "a 11", "a 9").Should().Equal(0, 0, 1);
    }

    [Fact]
    public void An_alias_brings_different_fields_together()
    {
        var sigma = Sigma.Of(
            $"{Two}---\n{Sigma.Correlation("type: temporal\nrules: [a, b]\ntimespan: 10s\naliases:\n  who:\n    a: object_uuid\n    b: actor_uuid\ngroup-by: [who]")}");

        See(sigma, "a 0 X Y", "b 1 X", "b 2 Y").Should().Equal(0, 0, 1);
    }

    [Fact]
    public void A_correlation_may_rest_on_another()
    {
        var sigma = Sigma.Of(
            $"{Sigma.Correlation("type: temporal_ordered\nrules: [many, b]\ngroup-by: [actor_uuid]\ntimespan: 10s", "outer")}---\n{Sigma.Correlation(Count, "many")}---\n{Two}");

        See(sigma, "b 0", "a 1", "a 2", "a 3", "b 3", "b 4").Should().Equal(0, 0, 0, 0, 0, 1);
    }

    [Fact]
    public void Its_parts_report_by_themselves_only_where_it_says_so()
    {
        See(Counting(Count + "\ngenerate: true"), "a 0", "a 1", "a 2").Should().Equal(1, 1, 2);
    }

    [Fact]
    public void A_finding_names_all_events_it_rests_on_and_the_time_of_the_last()
    {
        var sigma = Counting(Count);
        Sees(sigma, Event("a 10"), Event("a 4"));

        var finding = sigma.See(Event("a 7")).Single();

        finding.Time.Should().Be(Time(10));
        System.Text.Json.Nodes.JsonNode.Parse(finding.Bytes.Span)!["eventIds"]!.ToJsonString().Should().Be("""["2","3","1"]""");
        finding.Summary.Should().StartWith("C: 3 events within 10 s, among them ");
    }

    [Fact]
    public void The_same_finding_has_the_same_id_in_whatever_order_its_events_arrive()
    {
        string[] events = [Event("a 0"), Event("a 1"), Event("a 2")];
        string[] other = [events[2], events[0], events[1]];

        string Id(string[] order)
        {
            var sigma = Counting(Count);
            return order.Select(json => sigma.See(json)).Last(found => found.Count > 0).Single().Id;
        }

        Id(events).Should().Be(Id(other)).And.MatchRegex("^f-[a-z2-7]{26}$");
    }

    [Fact]
    public void Groups_are_bounded_and_the_oldest_goes_first_with_one_warning()
    {
        var sigma = Counting(Count);
        for (var group = 0; group < CorrelationMemory.MostGroups; group++)
        {
            See(sigma, $"a {group} G{group}", $"a {group} G{group}");
        }

        See(sigma, "a 1000 New", "a 1001 New").Should().Equal(0, 0);

        sigma.Engine.Warnings.Should().ContainSingle().Which.Should().Contain("keeps 1000 groups");
        Memory(sigma).Groups.Should().HaveCount(1000);
        See(sigma, "a 1 G1").Should().Equal([1], "it is the second oldest, and only one had to go");
        See(sigma, "a 0 G0").Should().Equal([0], "it had to go");
    }

    [Fact]
    public void Matches_of_a_group_are_bounded_and_the_oldest_goes_first_with_one_warning()
    {
        var count = Count.Replace("gte: 3", "gt: 90\n  lt: 50", StringComparison.Ordinal).Replace("10s", "1h", StringComparison.Ordinal);
        var sigma = Counting(count);

        for (var at = 0; at <= CorrelationGroup.MostMatches; at++)
        {
            See(sigma, $"a {at}");
        }

        var group = Memory(sigma).Groups.Single();
        group.Matches.Should().HaveCount(100);
        group.Matches[0].Time.Should().Be(Time(1));
        sigma.Engine.Warnings.Should().ContainSingle().Which.Should().Contain("keeps 100 matches");
    }

    [Fact]
    public void Counting_agrees_with_the_reference_in_every_order_of_arrival() => Check.One(
        Seeds.Try(300),
        Prop.ForAll(Gen.Choose(0, 60).ArrayOf().ToArbitrary(), times =>
        {
            var sigma = Counting(Count);
            var found = times.Select(time => sigma.See(Event(string.Create(CultureInfo.InvariantCulture, $"a {time}"))).Count).Sum() > 0;
            return found == times.Any(start => times.Count(time => time >= start && time <= start + 10) >= 3);
        }));

    [Fact]
    public void Order_agrees_with_the_reference_in_every_order_of_arrival() => Check.One(
        Seeds.Try(300),
        Prop.ForAll(Gen.Choose(0, 60).ArrayOf().ToArbitrary(), Gen.Choose(0, 60).ArrayOf().ToArbitrary(), (firsts, seconds) =>
        {
            var sigma = Pair("temporal_ordered");
            var events =
                firsts.Select(time => ("a", time)).Concat(seconds.Select(time => ("b", time))).OrderBy(each => (each.time * 7919) % 61);
            var found = events.Sum(
                each => sigma.See(Event(string.Create(CultureInfo.InvariantCulture, $"{each.Item1} {each.time}"))).Count) > 0;
            return found == firsts.Any(first => seconds.Any(second => second > first && second - first <= 10));
        }));

    static CorrelationMemory Memory(Sigma sigma) => (CorrelationMemory)sigma.Engine.Memories[0];

    static string Two => $"{Sigma.Rule("s:\n  action: a\ncondition: s", "a")}---\n{Sigma.Rule("s:\n  action: b\ncondition: s", "b")}";

    static Sigma Counting(string correlation) =>
        Sigma.Of($"{Sigma.Rule("s:\n  action: a\ncondition: s", "a")}---\n{Sigma.Correlation(correlation)}");

    static Sigma Pair(string type) =>
        Sigma.Of($"{Two}---\n{Sigma.Correlation($"type: {type}\nrules: [a, b]\ngroup-by: [actor_uuid]\ntimespan: 10s")}");

    static DateTimeOffset Time(int second) => new DateTimeOffset(2026, 9, 1, 12, 0, 0, TimeSpan.Zero).AddSeconds(second);

    int[] See(Sigma sigma, params string[] events) => Sees(sigma, [.. events.Select(Event)]);

    static int[] Sees(Sigma sigma, params string[] events) => [.. events.Select(json => sigma.See(json).Count)];

    /// <summary>An action, a second, and perhaps an actor (- for none, = for an empty one) and an object.</summary>
    string Event(string text)
    {
        var words = text.Split(' ');
        var actor = words.ElementAtOrDefault(2) switch
        {
            "-" => "",
            "=" => ",\"actorUuid\":\"\"",
            var who => $",\"actorUuid\":\"{who ?? "X"}\""
        };
        var on = words.Length > 3 ? $",\"objectUuid\":\"{words[3]}\"" : "";
        var time = Time(int.Parse(words[1], CultureInfo.InvariantCulture));
        return string.Create(
            CultureInfo.InvariantCulture, $"{{\"eid\":{++_eid},\"time\":\"{time:O}\",\"action\":\"{words[0]}\"{actor}{on}}}");
    }
}
