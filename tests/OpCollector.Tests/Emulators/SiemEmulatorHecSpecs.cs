using System.Text;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>The emulated HTTP Event Collector refuses what Splunk refuses, with Splunk's codes, and stores what comes before it.</summary>
public sealed class SiemEmulatorHecSpecs
{
    const string Token = "Authorization: Splunk 11111111-2222-3333-4444-555555555555";
    const string Channel = "X-Splunk-Request-Channel: 0d3bc8d2-8a4b-4c65-9d5c-0d1d5e7a2b01";

    [Fact]
    public async Task Concatenated_envelopes_are_accepted()
    {
        using var siem = new Siem(Hec());

        var answer = await Sender.PostAsync(siem, """
            {"time":1700000000.123,"host":"h","source":"s","sourcetype":"t","index":"main","event":{"eid":1},"fields":{"event_id":"1","tags":["a","b"]}}{"event":{"eid":2}}
            {"event":"a text"}
            """, Token);

        answer.Should().Be((200, """{"text":"Success","code":0}"""));
        siem.Accepted.Should().Equal("1", "2", "(none)");
        siem.Events[0].Text.Should().Be("""{"eid":1}""");
    }

    [Theory]
    [InlineData("X-Nothing: 1", 401, 2)]
    [InlineData("Authorization: Bearer 11111111-2222-3333-4444-555555555555", 401, 3)]
    [InlineData("Authorization: Splunk 99999999-2222-3333-4444-555555555555", 403, 4)]
    public async Task A_stranger_is_refused(string header, int status, int code)
    {
        using var siem = new Siem(Hec());

        var (answered, text) = await Sender.PostAsync(siem, """{"event":{"eid":1}}""", header);

        answered.Should().Be(status);
        text.Should().Contain($"\"code\":{code}").And.NotContain("invalid-event-number");
        siem.Accepted.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""[{"event":{"eid":2}}]""", 6)]
    [InlineData("""{"event":{"eid":2}},""", 6, 2)]
    [InlineData("""{"event":{"eid":2}""", 6)]
    [InlineData("""{"event":{"eid":2},"stream":"audit"}""", 6)]
    [InlineData("""{"event":{"eid":2},"time":"1700000000"}""", 6)]
    [InlineData("""{"event":{"eid":2},"host":1}""", 6)]
    [InlineData("""{"event":{"eid":2},"index":"other"}""", 7)]
    [InlineData("""{"eid":2}""", 6)]
    [InlineData("""{"fields":{"a":"b"}}""", 12)]
    [InlineData("""{"event":null}""", 12)]
    [InlineData("""{"event":" "}""", 13)]
    [InlineData("""{"event":{"eid":2},"fields":{"a":{"b":"c"}}}""", 15)]
    [InlineData("""{"event":{"eid":2},"fields":{"a":[{"b":"c"}]}}""", 15)]
    public async Task The_first_bad_envelope_is_named_and_those_before_it_are_stored(string envelope, int code, int number = 1)
    {
        using var siem = new Siem(Hec());

        var (status, text) = await Sender.PostAsync(siem, $$$"""{"event":{"eid":1}}{{{envelope}}}{"event":{"eid":3}}""", Token);

        status.Should().Be(400);
        text.Should().Contain($"\"code\":{code},\"invalid-event-number\":{number}}}");
        siem.Accepted.Should().Equal(Enumerable.Range(1, number).Select(eid => $"{eid}"));
    }

    [Fact]
    public async Task A_poison_event_is_named_and_those_before_it_are_stored()
    {
        using var siem = new Siem(new SplunkHec(Token[22..]) { Poison = new HashSet<string> { "3" } });

        var (status, text) = await Sender.PostAsync(siem, Envelopes(1, 5), Token);

        (status, text).Should().Be((400, """{"text":"Invalid data format","code":6,"invalid-event-number":2}"""));
        siem.Accepted.Should().Equal("1", "2");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public async Task Nothing_is_no_data(string body)
    {
        using var siem = new Siem(Hec());

        (await Sender.PostAsync(siem, body, Token)).Should().Be((400, """{"text":"No data","code":5}"""));
    }

    [Fact]
    public async Task A_busy_server_names_the_event_at_which_it_stopped()
    {
        using var siem = new Siem(Hec()).With(Fault.HecBusy(2));

        (await Sender.PostAsync(siem, Envelopes(1, 4), Token))
            .Should().Be((503, """{"text":"Server is busy","code":9,"invalid-event-number":2}"""));
        (await Sender.PostAsync(siem, Envelopes(3, 4), Token)).Status.Should().Be(200);

        siem.Accepted.Should().Equal("1", "2", "3", "4");
    }

    [Fact]
    public async Task The_other_address_and_the_health_are_there_and_nothing_else()
    {
        using var siem = new Siem(Hec());
        var url = siem.Url;

        (await To(url[..^6], """{"event":{"eid":1}}""")).Status.Should().Be(200);
        (await To(url.Replace("/event", "/raw", StringComparison.Ordinal), "x")).Status.Should().Be(404);
        (await Sender.RawAsync(siem, "GET /services/collector/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
            .Should().EndWith("""{"text":"HEC is healthy","code":17}""");
        (await Sender.RawAsync(siem, "GET /services/collector/event HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
            .Should().StartWith("HTTP/1.1 405 ");
    }

    [Fact]
    public async Task An_acknowledgement_is_false_as_often_as_told_then_true_once()
    {
        using var siem = new Siem(Hec(acknowledges: true, falsePolls: 2));

        (await Sender.PostAsync(siem, Envelopes(1, 1), Token, Channel)).Text.Should().EndWith("\"ackId\":0}");
        (await Sender.PostAsync(siem, Envelopes(2, 2), Token, Channel)).Text.Should().EndWith("\"ackId\":1}");

        foreach (var state in (string[])["false", "false", "true", "false"])
        {
            (await To(Ack(siem), """{"acks":[1]}""", Channel)).Should().Be((200, $$$"""{"acks":{"1":{{{state}}}}}"""));
        }

        (await To(Ack(siem) + "?channel=0d3bc8d2-8a4b-4c65-9d5c-0d1d5e7a2b01", """{"acks":[0,7]}""")).Text
            .Should().Be("""{"acks":{"0":false,"7":false}}""");
        (await To(Ack(siem), """{"acks":[0]}""", Channel.Replace("0d3", "1d3", StringComparison.Ordinal))).Text.Should().Contain("false");
        (await To(Ack(siem), """{"acks":0}""", Channel)).Text.Should().Contain("\"code\":6");
    }

    [Fact]
    public async Task With_acknowledgement_a_channel_is_needed()
    {
        using var siem = new Siem(Hec(acknowledges: true));

        (await Sender.PostAsync(siem, Envelopes(1, 1), Token)).Should().Be((400, """{"text":"Data channel is missing","code":10}"""));
        (await Sender.PostAsync(siem, Envelopes(1, 1), Token, "X-Splunk-Request-Channel: mine"))
            .Should().Be((400, """{"text":"Invalid data channel","code":11}"""));

        siem.Accepted.Should().BeEmpty();
    }

    [Fact]
    public async Task A_token_without_acknowledgement_gives_no_id_and_answers_no_poll()
    {
        using var siem = new Siem(Hec());

        (await Sender.PostAsync(siem, Envelopes(1, 1), Token, Channel)).Text.Should().NotContain("ackId");
        (await To(Ack(siem), """{"acks":[0]}""", Channel)).Should().Be((400, """{"text":"ACK is disabled","code":14}"""));
    }

    [Theory]
    [InlineData(HecPolls.Never, 200, """{"acks":{"0":false}}""")]
    [InlineData(HecPolls.Disabled, 400, """{"text":"ACK is disabled","code":14}""")]
    [InlineData(HecPolls.Garbage, 200, """{"acks":[""")]
    public async Task Polls_misbehave_on_command(object polls, int status, string text)
    {
        using var siem = new Siem(Hec(acknowledges: true, polls: (HecPolls)polls));
        await Sender.PostAsync(siem, Envelopes(1, 1), Token, Channel);

        (await To(Ack(siem), """{"acks":[0]}""", Channel)).Should().Be((status, text));
    }

    static SplunkHec Hec(bool acknowledges = false, int falsePolls = 0, HecPolls polls = HecPolls.True) =>
        new(Token[22..]) { Indexes = ["main"], Acknowledges = acknowledges, FalsePolls = falsePolls, Polls = polls };

    static string Envelopes(int from, int to) =>
        string.Concat(Enumerable.Range(from, to - from + 1).Select(eid => $$$"""{"event":{"eid":{{{eid}}}}}"""));

    static string Ack(Siem siem) => siem.Url.Replace("/event", "/ack", StringComparison.Ordinal);

    static Task<(int Status, string Text)> To(string url, string body, params string[] headers) =>
        Sender.SendAsync(new Uri(url), new ByteArrayContent(Encoding.UTF8.GetBytes(body)), [Token, .. headers]);
}
