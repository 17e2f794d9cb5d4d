using System.Globalization;
using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>The time of an event, in every spelling that it comes in.</summary>
public sealed class EventTimeSpecs
{
    [Theory]
    [InlineData("2026-11-01T10:00:00Z", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01t10:00:00z", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01 10:00:00Z", "2026-11-01T10:00:00.0000000")]
    [InlineData(" 2026-11-01  10:00:00 ", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01T10:00:00+0000", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01T10:00:00+05", "2026-11-01T05:00:00.0000000")]
    [InlineData("2026-11-01T10:00:00+0530", "2026-11-01T04:30:00.0000000")]
    [InlineData("2026-11-01T10:00:00 -05:30", "2026-11-01T15:30:00.0000000")]
    [InlineData("2026-11-01T10:00:00-00:00", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01T10:00:00+23:59", "2026-10-31T10:01:00.0000000")]
    [InlineData("2026-11-01T10:00:00UTC", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01 10:00:00 utc", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01 10:00:00.5 +0000 UTC", "2026-11-01T10:00:00.5000000")]
    [InlineData("2026-11-01T10:00:00,123Z", "2026-11-01T10:00:00.1230000")]
    [InlineData("2026-11-01T10:00:00.123456789Z", "2026-11-01T10:00:00.1234567")]
    [InlineData("2026-11-01T10:00:00.00000000000000000001Z", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01T10:00:00", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01T10:00Z", "2026-11-01T10:00:00.0000000")]
    [InlineData("2026-11-01", "2026-11-01T00:00:00.0000000")]
    [InlineData("20261101T100000Z", "2026-11-01T10:00:00.0000000")]
    [InlineData("20261101T100000.5+0530", "2026-11-01T04:30:00.5000000")]
    [InlineData("20261101T1000Z", "2026-11-01T10:00:00.0000000")]
    [InlineData("20261101t100000", "2026-11-01T10:00:00.0000000")]
    [InlineData("20261101", "2026-11-01T00:00:00.0000000")]
    [InlineData("1793527200", "2026-11-01T10:00:00.0000000")]
    [InlineData("1793527200.25", "2026-11-01T10:00:00.2500000")]
    [InlineData("1.7935272e9", "2026-11-01T10:00:00.0000000")]
    [InlineData("1793527200123", "2026-11-01T10:00:00.1230000")]
    [InlineData("1793527200123456", "2026-11-01T10:00:00.1234560")]
    [InlineData("1793527200123456789", "2026-11-01T10:00:00.1234567")]
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.0000000")]
    [InlineData("2016-12-31T23:59:60.5+00:00", "2017-01-01T00:00:00.5000000")]
    [InlineData("9999-12-31T23:59:60Z", "9999-12-31T23:59:59.9999999")]
    [InlineData("9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.9999999")]
    [InlineData("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00.0000000")]
    public void Every_spelling_of_a_time_is_one(string text, string utc) =>
        EventTime.Parse(text)?.ToString("yyyy-MM-ddTHH:mm:ss.fffffff", CultureInfo.InvariantCulture).Should().Be(utc);

    [Theory]
    [InlineData("")]
    [InlineData("yesterday")]
    [InlineData("2026-11-01T")]
    [InlineData("2026-02-30T10:00:00Z")]
    [InlineData("2026-13-01T10:00:00Z")]
    [InlineData("0000-01-01T10:00:00Z")]
    [InlineData("2026-11-01T24:01:00Z")]
    [InlineData("2026-11-01T10:60:00Z")]
    [InlineData("2026-11-01T10:00:61Z")]
    [InlineData("2026-11-01T10:00:00.Z")]
    [InlineData("2026-11-01T10:00:00+5")]
    [InlineData("2026-11-01T10:00:00+05:")]
    [InlineData("2026-11-01T10:00:00+05:3")]
    [InlineData("2026-11-01T10:00:00 CET")]
    [InlineData("0")]
    [InlineData("179352720")]
    [InlineData("17935272000")]
    [InlineData("-1793527200")]
    [InlineData("1e999")]
    [InlineData("20261301")]
    [InlineData("2026110")]
    [InlineData("20261101T10:00:00Z")]
    [InlineData("2026-1101T100000Z")]
    [InlineData("20261101T1Z")]
    public void What_is_no_time_is_none(string text) => EventTime.Parse(text).Should().BeNull();

    [Theory]
    [InlineData("\"2026-11-01T10:00:00\\u002b0000\"", true)]
    [InlineData("\"\\ud800\"", false)]
    [InlineData("\"2026-11-01T10:00:00Z\\udfff\"", false)]
    [InlineData("1793527200", true)]
    [InlineData("1793527200123", true)]
    [InlineData("42", false)]
    [InlineData("true", false)]
    [InlineData("null", false)]
    public void Escapes_are_read_and_nothing_in_a_value_can_throw(string json, bool isTime)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();

        EventTime.Read(reader).HasValue.Should().Be(isTime);
    }

    [Fact]
    public void Times_that_cannot_be_read_are_told_in_one_line_with_an_example()
    {
        var times = new UnreadableTimes();
        times.Warning.Should().BeNull();

        times.Add("5", """{"eid":5,"time":"last\u001b[31m night"}"""u8.ToArray());
        times.Add("6", """{"eid":6,"time":{"at":1}}"""u8.ToArray());

        times.Warning.Should().StartWith("2 events have a time that cannot be read").And.Contain("in event 5").And.NotContain("\u001b");

        times.Add("7", """{"eid":7}"""u8.ToArray());
        times.Warning.Should().StartWith("3 events have a time that cannot be read, or none").And.Contain("in event 5");
    }

    [Fact]
    public void Events_without_any_time_are_told_too()
    {
        var times = new UnreadableTimes();

        times.Add("7", """{"eid":7}"""u8.ToArray());
        times.Warning.Should().StartWith(
            "1 event tells no time, and rules with a span of time do not see it, such as event 7; a time looks like ");

        times.Add("8", """{"eid":8,"at":"2026-11-01T10:00:00Z"}"""u8.ToArray());
        times.Warning.Should().StartWith("2 events tell no time").And.Contain("event 7");
    }
}
