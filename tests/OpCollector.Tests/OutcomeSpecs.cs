using System.Globalization;
using FluentAssertions;
using OpCollector.Delivery;
using Xunit;

namespace OpCollector.Tests;

/// <summary>What each answer of a webhook means: only an exact success counts.</summary>
public sealed class OutcomeSpecs
{
    static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    static readonly int[] Successes = [200, 201, 202, 204];

    static readonly int[] Throttling = [429, 503];

    static readonly Dictionary<int, string> Table = new()
    {
        [200] = "Accepted",
        [201] = "Accepted",
        [202] = "Accepted",
        [204] = "Accepted",
        [401] = "Refused",
        [403] = "Refused",
        [407] = "Refused",
        [408] = "Transient",
        [425] = "Transient",
        [429] = "Throttled",
        [503] = "Throttled",
    };

    public static TheoryData<int, string> EveryStatus => new(Enumerable.Range(200, 400).Select(status =>
        (status, Table.GetValueOrDefault(status, status >= 500 ? "Transient" : "Misconfigured"))));

    [Theory]
    [MemberData(nameof(EveryStatus))]
    public void Every_status_has_one_meaning(int status, string verdict)
    {
        var outcome = Outcome.Of(status, "application/json", retryAfter: null, answer: "", Now);

        outcome.Verdict.ToString().Should().Be(verdict);
        outcome.Status.Should().Be(status);
    }

    [Theory]
    [InlineData(200, 0)]
    [InlineData(401, 77)]
    [InlineData(302, 78)]
    [InlineData(413, 78)]
    [InlineData(429, 75)]
    [InlineData(500, 75)]
    public void Every_meaning_has_one_exit_code(int status, int code)
    {
        var outcome = Outcome.Of(status, contentType: null, retryAfter: null, answer: "", Now);

        ((int)outcome.ExitCode).Should().Be(code);
        outcome.MayRetry.Should().Be(code == 75);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("Text/HTML")]
    [InlineData("TEXT/HTML")]
    public void A_web_page_is_no_success(string mediaType) =>
        Successes.Select(status => Outcome.Of(status, mediaType, null, "<html>", Now).Verdict)
            .Should().AllBeEquivalentTo(Verdict.Misconfigured);

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/json")]
    public void Any_other_kind_of_answer_is_a_success(string? mediaType) =>
        Outcome.Of(200, mediaType, null, "<html>", Now).Verdict.Should().Be(Verdict.Accepted);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("1.5", null)]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("007", 7)]
    [InlineData("86401", 86400)]
    [InlineData("9223372036854775807", 86400)]
    [InlineData("99999999999999999999999", 86400)]
    [InlineData("Mon, 04 May 2026 03:03:31 GMT", 90)]
    [InlineData("Mon, 04 May 2026 03:02:01 GMT", null)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", null)]
    public void Retry_After_is_understood_in_all_its_spellings(string? header, int? seconds)
    {
        var waits = Throttling.Select(status => Outcome.Of(status, null, header, "", Now).RetryAfter?.TotalSeconds);

        waits.Should().AllBeEquivalentTo((double?)seconds);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public void What_the_receiver_said_is_told(int status)
    {
        var outcome = Outcome.Of(status, "text/plain", null, "the disk is full", Now);

        outcome.What.Should().Contain(status.ToString(CultureInfo.InvariantCulture)).And.Contain("the disk is full");
    }
}
