using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Delivery.Forms;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>op's events under the Events API's names (<c>sink.shape: "events-api"</c>).</summary>
public sealed class EventsApiShapeSpecs
{
    [Fact]
    public void The_members_have_the_names_of_the_Events_API_and_the_bytes_of_their_values() =>
        Shaped("""{"eid":7,"time":"2026-01-01T00:00:00.123456789Z","actorUuid":"A\u0042","actorName":"Zoë \/","actorEmail":"z@x.example","action":"join","objectType":"gm","objectUuid":"G","objectName":"Owners","auxId":1.50,"auxUUID":"U","auxName":"Bob","auxEmail":"b@x.example","auxInfo":"R","new":[1e5,{"eid":1}],"summary":"s"}""")
            .Should().Be("""{"uuid":"7","timestamp":"2026-01-01T00:00:00.123456789Z","actor_uuid":"A\u0042","actor_details":{"uuid":"A\u0042","name":"Zoë \/","email":"z@x.example"},"action":"join","object_type":"gm","object_uuid":"G","object_name":"Owners","aux_id":1.50,"aux_uuid":"U","aux_details":{"uuid":"U","name":"Bob","email":"b@x.example"},"aux_info":"R","new":[1e5,{"eid":1}],"stream":"audit","summary":"s"}""");

    [Theory]
    [InlineData("""{"eid":7}""", """{"uuid":"7","stream":"audit"}""")]
    [InlineData("""{"actorName":"A","eid":7}""", """{"actor_name":"A","uuid":"7","stream":"audit"}""")]
    [InlineData(
        """{"eid":7,"objectType":"user","objectUuid":"U","objectName":"Bob"}""",
        """{"uuid":"7","object_type":"user","object_uuid":"U","object_details":{"uuid":"U","name":"Bob"},"stream":"audit"}""")]
    [InlineData(
        """{"eid":7,"objectType":"uva","objectUuid":"V","objectName":"Payroll","auxUUID":"U"}""",
        """{"uuid":"7","object_type":"uva","object_uuid":"V","object_name":"Payroll","aux_uuid":"U","stream":"audit"}""")]
    [InlineData(
        """{"eid":7,"actorUuid":"A","actorUuid":"B","actorName":"Bob"}""",
        """{"uuid":"7","actor_uuid":"A","actor_uuid":"B","actor_details":{"uuid":"B","name":"Bob"},"stream":"audit"}""")]
    [InlineData("""{"\u0065id":7,"time":null}""", """{"uuid":"7","timestamp":null,"stream":"audit"}""")]
    public void What_is_not_there_is_not_made_up(string json, string shaped) => Shaped(json).Should().Be(shaped);

    [Theory]
    [InlineData("""{"uuid":"U","timestamp":"t","actor_uuid":"A","not_known_yet":[1.0e3,null],"stream":"audit","summary":"s"}""")]
    [InlineData("{}")]
    public void What_has_these_names_already_is_not_touched(string json) => Shaped(json).Should().Be(json);

    [Fact]
    public void The_event_in_a_finding_has_them_too() =>
        Shaped("""{"kind":"finding","id":"f-1","event":{"eid":7,"time":"t"},"eventIds":["7"]}""", isFinding: true)
            .Should().Be("""{"kind":"finding","id":"f-1","event":{"uuid":"7","timestamp":"t","stream":"audit"},"eventIds":["7"]}""");

    [Fact]
    public void A_test_has_the_id_and_the_time_that_parsers_look_for() =>
        Shaped("""{"kind":"test","id":"test-1","time":"t","summary":"s"}""")
            .Should().Be("""{"kind":"test","uuid":"test-1","timestamp":"t","stream":"audit","summary":"s"}""");

    [Fact]
    public void Nothing_of_an_event_of_the_samples_is_lost()
    {
        foreach (var line in File.ReadLines(ShippedFiles.Sample("account/events.ndjson")))
        {
            var (before, after) = (JsonNode.Parse(line)!.AsObject(), JsonNode.Parse(Shaped(line))!.AsObject());

            after.Select(member => member.Value?.ToJsonString().Trim('"'))
                .Should().Contain(before.Select(member => member.Value?.ToJsonString().Trim('"')));
            after.Select(member => member.Key).Should().OnlyHaveUniqueItems().And.OnlyContain(name => !name.Any(char.IsUpper));
        }
    }

    static string Shaped(string json, bool isFinding = false)
    {
        var item = new ActivityEvent(7, null, Encoding.UTF8.GetBytes(json)) { Headline = isFinding ? new Headline("high", "x") : null };
        var form = new SentForm(ShapeByName.Find("events-api"), AddedMembers.None, null);
        return Encoding.UTF8.GetString(form.Apply([item], "audit").Items.Single().Sent.Span);
    }
}
