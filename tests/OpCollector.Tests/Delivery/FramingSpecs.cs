using System.Globalization;
using System.Text;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>How events stand one after another in a request or a file, in each format: their bytes are not touched.</summary>
public sealed class FramingSpecs
{
    // Spellings that any re-encoding would lose: escapes, number forms, a doubled member, key order, a lone surrogate.
    const string Odd = """{"z":1e5,"eid":7,"a":"\u00e9\/\ud800","a":1.50,"t":"2021-01-01T00:00:00.123456789Z"}""";
    const string Plain = """{"eid":8,"name":"Zoë 🦉"}""";

    static readonly HecSettings Hec = new("op.acme.example", "1password", "1password:audit", "security", AcknowledgementRequired: false);

    public static TheoryData<string> EveryFormat => ["json", "ndjson", "single", "splunk-hec", "elasticsearch", "opensearch"];

    [Theory]
    [InlineData("json", $"[{Odd},{Plain}]")]
    [InlineData("ndjson", $"{Odd}\n{Plain}\n")]
    [InlineData(
        "splunk-hec", $$$"""{"event":{{{Odd}}},"fields":{"event_id":"7"}}{{{"\n"}}}{"event":{{{Plain}}},"fields":{"event_id":"8"}}""")]
    [InlineData(
        "elasticsearch", $$$"""{"create":{"_id":"7"}}{{{"\n"}}}{{{Odd}}}{{{"\n"}}}{"create":{"_id":"8"}}{{{"\n"}}}{{{Plain}}}{{{"\n"}}}""")]
    [InlineData(
        "opensearch", $$$"""{"create":{"_id":"7"}}{{{"\n"}}}{{{Odd}}}{{{"\n"}}}{"create":{"_id":"8"}}{{{"\n"}}}{{{Plain}}}{{{"\n"}}}""")]
    public void A_request_holds_the_bytes_of_the_events_as_the_format_wants_them(string format, string body) =>
        Text(NamedFormat.Of(format).Body(Of(Odd, Plain))).Should().Be(body);

    [Fact]
    public void An_array_of_one_has_no_comma() => Text(NamedFormat.Of("json").Body(Of(Odd))).Should().Be($"[{Odd}]");

    [Fact]
    public void A_single_event_stands_bare() => Text(NamedFormat.Of("single").Body(Of(Odd))).Should().Be(Odd);

    [Fact]
    public void An_array_may_stand_in_something_else()
    {
        var format = NamedFormat.Of(new FormatSettings("json", HecSettings.Usual, Open: """{"events":[""", Close: "]}"));

        Text(format.Body(Of(Odd, Plain))).Should().Be($$"""{"events":[{{Odd}},{{Plain}}]}""");
    }

    [Theory]
    [InlineData("2026-09-01T00:00:00Z", "1788220800")]
    [InlineData("2026-09-01T00:00:00.5Z", "1788220800.5")]
    [InlineData("2026-09-01T02:00:00.1234567+02:00", "1788220800.1234567")]
    [InlineData("1990-01-01T00:00:00Z", "631152000")]
    public void Splunk_is_told_the_time_in_seconds_and_where_the_event_belongs(string time, string seconds)
    {
        var format = NamedFormat.Of(new FormatSettings("splunk-hec", Hec));

        Text(format.Body(At(time, Plain))).Should().Be(
            $$$"""{"time":{{{seconds}}},"host":"op.acme.example","source":"1password","sourcetype":"1password:audit","index":"security","event":{{{Plain}}},"fields":{"event_id":"7"}}""");
    }

    [Theory]
    [InlineData("2026-09-01T00:00:00Z", "2026-09-01T00:00:00Z")]
    [InlineData("2026-09-01T02:00:00.120+02:00", "2026-09-01T00:00:00.12Z")]
    public void A_data_stream_finds_the_time_where_it_looks_for_it(string time, string timestamp) =>
        Text(NamedFormat.Of("elasticsearch").Body(At(time, Plain)))
            .Should().Be($$$"""{"create":{"_id":"7"}}{{{"\n"}}}{"@timestamp":"{{{timestamp}}}",{{{Plain[1..]}}}{{{"\n"}}}""");

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("1969-12-31T23:59:59.5Z")]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("1989-12-31T23:59:59Z")]
    public void A_time_before_there_was_anything_to_collect_is_none(string time)
    {
        Text(NamedFormat.Of("splunk-hec").Body(At(time, Plain))).Should().StartWith("{\"event\":");
        Text(NamedFormat.Of("elasticsearch").Body(At(time, Plain))).Should().EndWith($"\n{Plain}\n");
    }

    [Theory]
    [InlineData("""{"@timestamp":"x"}""")]
    [InlineData("""{"a":{"b":[1]},"@timestamp":null}""")]
    [InlineData("""{"\u0040timestamp":"x"}""")]
    public void A_time_that_is_there_already_is_not_doubled(string json) =>
        Text(NamedFormat.Of("elasticsearch").Body(At("2026-09-01T00:00:00Z", json)))
            .Should().Be($"{{\"create\":{{\"_id\":\"7\"}}}}\n{json}\n");

    [Theory]
    [InlineData("""{"objectName":"@timestamp"}""")]
    [InlineData("""{"a":{"@timestamp":1}}""")]
    [InlineData("""{"a":["@timestamp"],"b":"\"@timestamp\":"}""")]
    [InlineData("""{"@timestamp2":"C:\\"}""")]
    public void A_name_that_stands_elsewhere_is_no_time(string json) =>
        Text(NamedFormat.Of("elasticsearch").Body(At("2026-09-01T00:00:00Z", json)))
            .Should().Be("{\"create\":{\"_id\":\"7\"}}\n{\"@timestamp\":\"2026-09-01T00:00:00Z\"," + json[1..] + "\n");

    [Fact]
    public void The_ids_of_two_accounts_differ_in_one_index() =>
        Text(NamedFormat.Of(new FormatSettings("opensearch", HecSettings.Usual, IdPrefix: "acme-")).Body(Of(Plain)))
            .Should().StartWith("""{"create":{"_id":"acme-7"}}""");

    [Theory]
    [MemberData(nameof(EveryFormat))]
    public void No_request_is_larger_than_the_receiver_takes(string format)
    {
        var batch = new Batch(
            "audit",
            [.. Enumerable.Range(0, 60)
                .Select(
                    i => Event(
                        9_000_000_000_000 + i,
                        DateTimeOffset.UnixEpoch.AddTicks(i + 17_882_208_001_234_567),
                        new string('x', i * 11 % 90)))]);
        var sent = NamedFormat.Of(format);

        var pieces = sent.Cut(batch, 1000).ToArray();

        pieces.SelectMany(piece => piece.Events).Should().Equal(batch.Events);
        pieces.Length.Should().BeGreaterThan(3);
        pieces.Select(piece => sent.Body(piece).Length).Should().OnlyContain(length => length <= 1000);
    }

    [Fact]
    public void No_events_are_no_line() => NdjsonLines.Write(Of()).Length.Should().Be(0);

    static Batch At(string time, string text) =>
        new("audit", [new ActivityEvent(7, DateTimeOffset.Parse(time, CultureInfo.InvariantCulture), Encoding.UTF8.GetBytes(text))]);

    static Batch Of(params string[] events) =>
        new("audit", [.. events.Select((text, i) => new ActivityEvent(7 + i, null, Encoding.UTF8.GetBytes(text)))]);

    static ActivityEvent Event(long eid, DateTimeOffset time, string padding) =>
        new(eid, time, Encoding.UTF8.GetBytes($$"""{"p":"{{padding}}"}"""));

    static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
