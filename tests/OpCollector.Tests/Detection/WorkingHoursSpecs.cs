using System.Globalization;
using OpCollector.Detection;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>Working hours, in each person's own zone.</summary>
public sealed class WorkingHoursSpecs : IDisposable
{
    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Theory]
    [InlineData("2026-09-01T07:00:00Z", false)] // 09:00 in Stockholm
    [InlineData("2026-09-01T06:59:59Z", true)]
    [InlineData("2026-09-01T14:59:59Z", false)]
    [InlineData("2026-09-01T15:00:00Z", true)]
    [InlineData("2026-09-05T10:00:00Z", true)] // a Saturday
    [InlineData("2026-12-01T07:30:00Z", true)] // winter: 08:30
    [InlineData("2026-12-01T08:00:00Z", false)]
    [InlineData("2026-12-24T10:00:00Z", true)] // a holiday
    public void Days_and_hours_are_those_of_the_zone(string time, bool outside) =>
        IsOutside(
            """{ "user": "U", "timeZone": "Europe/Stockholm", "days": "Mon-Fri", "from": "09:00", "to": "17:00", "holidays": ["2026-12-24"] }""",
            time)
            .Should().Be(outside);

    [Theory]
    [InlineData("2026-09-04T22:00:00Z", false)] // Friday
    [InlineData("2026-09-05T05:59:59Z", false)] // the same shift, on Saturday
    [InlineData("2026-09-05T06:00:00Z", true)]
    [InlineData("2026-09-05T22:30:00Z", true)]
    [InlineData("2026-09-06T05:00:00Z", true)]
    public void A_shift_over_midnight_belongs_to_the_day_on_which_it_begins(string time, bool outside) =>
        IsOutside("""{ "user": "U", "timeZone": "Etc/UTC", "days": "Mon,Fri", "from": "22:00", "to": "06:00" }""", time)
            .Should().Be(outside);

    [Theory]
    [InlineData("2026-03-29T00:59:59Z", false)] // 01:59:59 in Stockholm; a second later it is three
    [InlineData("2026-03-29T01:00:00Z", true)]
    [InlineData("2026-10-25T00:30:00Z", false)] // 02:30, and
    [InlineData("2026-10-25T01:30:00Z", false)] // 02:30 again
    [InlineData("2026-10-25T02:00:00Z", true)]
    public void The_night_on_which_the_clock_is_changed_is_right(string time, bool outside) =>
        IsOutside("""{ "user": "U", "timeZone": "Europe/Stockholm", "days": "Sun", "from": "00:00", "to": "03:00" }""", time)
            .Should().Be(outside);

    [Theory]
    [InlineData("2026-09-01T09:00:00Z", false)]
    [InlineData("2026-09-01T13:00:00Z", true)]
    [InlineData("2026-09-01T15:00:00Z", false)]
    [InlineData("2026-09-02T09:00:00Z", true)] // the holiday stands at the other span
    public void Several_spans_are_one_person_s_hours(string time, bool outside) => IsOutside(
        """{ "user": "U", "timeZone": "Etc/UTC", "days": "Mon-Sun", "from": "08:00", "to": "12:00" }, { "user": "U", "timeZone": "Etc/UTC", "days": "Mon-Sun", "from": "14:00", "to": "24:00", "holidays": ["2026-09-02"] }""",
        time).Should().Be(outside);

    [Fact]
    public void Who_is_not_listed_works_whenever_it_pleases() =>
        Hours("""{ "user": "U", "timeZone": "Etc/UTC", "days": "Mon", "from": "08:00", "to": "12:00" }""").IsOutside(
            "V", null, DateTimeOffset.UnixEpoch)
            .Should().BeFalse();

    [Theory]
    [InlineData("9999-12-31T23:59:59Z", "Pacific/Kiritimati")]
    [InlineData("9999-12-31T23:59:59Z", "America/Los_Angeles")]
    [InlineData("0001-01-01T00:00:00Z", "America/Los_Angeles")]
    [InlineData("0001-01-01T00:00:00Z", "Pacific/Kiritimati")]
    public void The_ends_of_the_calendar_are_hours_like_any_other(string time, string zone) =>
        IsOutside($$"""{ "user": "U", "timeZone": "{{zone}}", "days": "Mon-Sun", "from": "22:00", "to": "21:00" }""", time)
            .Should().BeFalse();

    [Theory]
    [InlineData("\"timeZone\": \"Europe/Stokholm\"", "\"Europe/Stokholm\" is not a time zone")]
    [InlineData("\"days\": \"Mon-Fry\"", "\"Mon-Fry\" is not a day")]
    [InlineData("\"from\": \"9:00\"", "\"9:00\" is not a time")]
    [InlineData("\"from\": \"17:00\"", "is the same as \"from\"")]
    [InlineData("\"holidays\": [\"24.12.\"]", "\"24.12.\" is not a date")]
    [InlineData("\"dayz\": \"Mon\"", "unknown")]
    public void A_wrong_member_is_refused(string member, string why)
    {
        var name = member.Split(':')[0];
        string[] others = ["\"user\": \"U\"", "\"timeZone\": \"Etc/UTC\"", "\"days\": \"Mon\"", "\"from\": \"09:00\"", "\"to\": \"17:00\""];

        var complaint = _written.ComplaintOf(
            () =>
                Hours(
                    $"{{ {string.Join(", ", others.Where(other => !other.StartsWith(name, StringComparison.Ordinal)).Append(member))} }}"));

        complaint.Should().StartWith("1: detection.workingHours[0]").And.Contain(why);
    }

    bool IsOutside(string hours, string time) =>
        Hours(hours).IsOutside("U", null, DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));

    WorkingHours Hours(string hours) => new(
        _written.LoadText(
            $$$$"""{"source":{"type":"op","op":{"account":"acme","password":{"env":"P"}}},"sink":{"type":"stdout"},"detection":{"workingHours":[{{{{hours}}}}] } }""").Detection.WorkingHours,
        new Watchlists(new Dictionary<string, IReadOnlyList<string>>(), [new KnownName(NameKind.User, "U", "U")]));
}
