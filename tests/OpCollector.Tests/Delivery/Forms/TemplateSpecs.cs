using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Cli.Hosting;
using OpCollector.Delivery;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>What stands for an event (<c>sink.event</c>), and constants in front of its members (<c>sink.add</c>).</summary>
public sealed class TemplateSpecs : IDisposable
{
    // Spellings that any re-encoding would lose.
    const string Odd = """{"z":1e5,"eid":7,"a":"\u00e9\/\ud800","a":1.50,"q":"C:\\\"","t":"Zoë 🦉"}""";

    const string Before = """{"source":{"type":"op","op":{"account":"acme","password":{"env":"P"}}},"sink":{"type":"file","path":"x",""";

    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Without_a_form_the_bytes_of_the_event_are_sent() => Sent("").Should().Be(Odd);

    [Theory]
    [InlineData("{event}", Odd)]
    [InlineData("{id}", "\"7\"")]
    [InlineData("{stream}", "\"audit\"")]
    [InlineData("{kind}", "\"event\"")]
    [InlineData("{time}", "\"2026-09-01T00:00:00.1234567Z\"")]
    [InlineData("{time:s}", "1788220800")]
    [InlineData("{time:ms}", "1788220800123")]
    [InlineData("{time:us}", "1788220800123456")]
    [InlineData("{time:ns}", "1788220800123456700")]
    [InlineData("{time:ns:text}", "\"1788220800123456700\"")]
    [InlineData("no {{braces} here }", "\"no {braces} here }\"")]
    [InlineData("{{event}", "\"{event}\"")]
    [InlineData("{id}{id}", "\"77\"")]
    [InlineData("{stream}/{kind}: {time:s}", "\"audit/event: 1788220800\"")]
    [InlineData("", "\"\"")]
    public void A_placeholder_becomes_its_value_and_inside_a_longer_text_a_text(string template, string sent)
    {
        Sent($"\"event\":{JsonValue.Create(template)!.ToJsonString()}").Should().Be(sent);
        Sent($"\"event\":{{\"a\":[{JsonValue.Create(template)!.ToJsonString()},1.50,null,true]}}")
            .Should().Be($"{{\"a\":[{sent},1.50,null,true]}}");
    }

    [Theory]
    [InlineData("{event:text}", "")]
    [InlineData("before {event} behind", "before  behind")]
    [InlineData("before {event:text} behind", "before  behind")]
    public void A_text_of_an_event_parses_back_to_its_bytes(string template, string around)
    {
        var text = (string)JsonNode.Parse(Sent($"\"event\":\"{template}\""))!;

        text.Should().Be(around.Length == 0 ? Odd : $"before {Odd} behind");
    }

    [Fact]
    public void Base64_holds_the_bytes() =>
        Convert.FromBase64String((string)JsonNode.Parse(Sent("\"event\":\"{event:base64}\""))!).Should().Equal(Encoding.UTF8.GetBytes(Odd));

    [Theory]
    [InlineData("{time}", "null")]
    [InlineData("{time:ns}", "null")]
    [InlineData("at {time}.", "\"at .\"")]
    public void A_time_that_an_event_does_not_tell_is_null_and_in_a_text_nothing(string template, string sent) =>
        Form($"\"event\":\"{template}\"", time: null).Should().Be(sent);

    [Fact]
    public void What_stands_in_names_and_what_was_written_oddly_stays_json() =>
        JsonNode.Parse(Sent(""" "event": { "{stream} \"x\"": "a\u0000\n{event:text}", "é": {}, "l": [] } """))!.AsObject()
            .Select(member => member.Key).Should().Equal("audit \"x\"", "é", "l");

    [Theory]
    [InlineData(""" "event": {"a":[{"b":"x {evnt}"}]} """, "sink.event.a[0].b: ", "{evnt}|{event:base64}|{time:ns}|{{ is a brace")]
    [InlineData(""" "event": "{time:m}" """, "sink.event: ", "{time:m}")]
    [InlineData(""" "event": "{}" """, "sink.event: ", "{}")]
    [InlineData(""" "event": "{event" """, "sink.event: ", "without a }")]
    [InlineData(""" "event": {"{nonsense}": 1} """, "sink.event.{nonsense}: ", "{nonsense}")]
    [InlineData(""" "event": {"audit": 1, "{stream}": 3} """, "sink.event.{stream}: ", "\"audit\"")]
    [InlineData(""" "event": [{"a {id}": 1, "{kind} b": 3}] """, "sink.event[0].{kind} b: ", "\"a {id}\"")]
    [InlineData(""" "add": [] """, "sink.add: ", "object")]
    [InlineData(""" "shape": "ecs" """, "sink.shape: ", "\"ecs\" is unknown|\"events-api\"")]
    public void What_is_wrong_with_a_form_is_named_with_its_place(string form, string place, string words) =>
        _written.ComplaintOf(() => Sent(form)).Should().StartWith($"1: {place}").And.ContainAll(words.Split('|'));

    [Theory]
    [InlineData(""" "event": {"audit": 1, "x{stream}": 2, "a{stream}z": 3, "a{id}y": 4} """)]
    [InlineData(""" "event": {"b": {"{id}": 1}, "a": {"{id}": 1}, "{{id}": 2} """)]
    public void Names_that_no_value_makes_equal_may_have_placeholders(string form) =>
        JsonNode.Parse(Sent(form))!.AsObject().Count.Should().BeGreaterThan(2);

    [Theory]
    [InlineData("elasticsearch")]
    [InlineData("opensearch")]
    public void A_bulk_API_takes_objects_alone(string format)
    {
        const string Sink = """{"source":{"type":"op","op":{"account":"acme","password":{"env":"P"}}},"sink":{"type":"webhook",""";
        var place = $"{Sink}\"url\":\"https://e.example/i/_bulk\",\"format\":\"{format}\",\"event\":";

        _written.ComplaintOf(() => _written.LoadText(place + "\"{event:text}\"}}"))
            .Should().StartWith("1: sink.event: ").And.Contain(format);
        _written.LoadText(place + "\"{event}\"}}").Sink.Form.Event!.IsObject.Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"tenant":"acme","n":[1,{"a":null}]}""", """{"tenant":"acme","n":[1,{"a":null}],"z":1""")]
    [InlineData("""{"z":2,"tenant":"acme"}""", """{"tenant":"acme","z":1""")]
    [InlineData("""{"z":2}""", """{"z":1""")]
    [InlineData("{}", """{"z":1""")]
    public void Constants_stand_in_front_and_an_event_says_itself_what_it_says(string add, string beginning) =>
        Sent($"\"add\":{add}").Should().StartWith(beginning).And.EndWith(Odd[10..]);

    [Fact]
    public void A_template_gets_the_event_with_its_constants() =>
        Sent(""" "add": {"a-b": 1}, "event": ["{event}"] """).Should().Be($"[{{\"a-b\":1,{Odd[1..]}]");

    [Fact]
    public void A_finding_is_of_its_own_kind()
    {
        var form = _written.LoadText(Before + "\"event\":\"{kind} {id}\"}}").Sink.Form;

        using var sent = form.Apply(
            [new ActivityEvent(0, null, "{}"u8.ToArray()) { Id = "f-1", Headline = new Headline("high", "x") }],
            "signin");

        Encoding.UTF8.GetString(sent.Items.Single().Sent.Span).Should().Be("\"finding f-1\"");
    }

    string Sent(string form) => Form(form, "2026-09-01T02:00:00.1234567+02:00");

    string Form(string form, string? time)
    {
        var settings = _written.LoadText($"{Before}{(form.Length == 0 ? "\"shape\":\"native\"" : form)}}}}}").Sink;
        DateTimeOffset? when = time is null ? null : DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        var batch = new Batch("audit", [new ActivityEvent(7, when, Encoding.UTF8.GetBytes(Odd))]);
        return Encoding.UTF8.GetString(settings.Form.Apply(batch.Events, batch.Stream).Items.Single().Sent.Span);
    }
}
