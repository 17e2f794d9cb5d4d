using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Delivery;
using OpCollector.Delivery.Forms;
using OpCollector.Detection;
using OpCollector.Detection.Findings;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;

namespace OpCollector.Tests;

/// <summary>
/// Events and findings in the Open Cybersecurity Schema Framework (<c>sink.shape: "ocsf"</c>): each is valid, and nothing is lost.
/// </summary>
public sealed class OcsfShapeSpecs
{
    static readonly DateTimeOffset Noon = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);
    static readonly SentForm Form = new(ShapeByName.Find("ocsf"), AddedMembers.None, null);

    [Fact]
    public void Every_event_of_the_samples_and_each_finding_in_them_is_valid()
    {
        var engine = InstalledRules.Load(DetectionSettings.Default, SilenceSettings.Default, Watchlists.None).CreateEngine();
        var (events, findings) = (0, 0);
        foreach (var line in File.ReadLines(ShippedFiles.Sample("account/events.ndjson")))
        {
            var each = ActivityEvent.Read(Encoding.UTF8.GetBytes(line), EventIdentity.Op).Event!;
            IsValid(each, Streams.Audit);
            events++;
            foreach (var finding in engine.Evaluate(each.Bytes, Streams.Audit, each.Id, each.Time))
            {
                var sent = IsValid(finding.AsEvent(), Streams.Audit);
                ((int)sent["class_uid"]!).Should().Be(2004);
                sent["evidences"]![0]!["data"]!.ToJsonString().Should().Be(JsonNode.Parse(line)!.ToJsonString());
                findings++;
            }
        }

        events.Should().Be(438);
        findings.Should().Be(44);
    }

    [Fact]
    public void Every_event_of_the_emulated_Events_API_is_valid_with_names_and_without()
    {
        var names = new NameBook(NameList.Empty, NameList.Empty, NameList.Empty, []);
        var enricher = new Enricher(Dialect.EventsApi, names, Vocabulary.Standard);
        foreach (var stream in EventStream.All)
        {
            for (var number = 0; number < 60; number++)
            {
                var text = Samples.Of(stream.Feature, Samples.Uuid($"{stream.Name} {number}"), Noon.AddSeconds(number), number);
                var each = ActivityEvent.Read(Encoding.UTF8.GetBytes(text), EventIdentity.EventsApi).Event!;
                IsValid(each, stream.Name);
                IsValid(enricher.Enrich(each, stream.Name, unknown: null), stream.Name);
            }
        }
    }

    [Fact]
    public void Every_action_on_every_object_is_valid_whatever_is_told_of_it()
    {
        string[] types =
            ["user", "mfa", "gm", "group", "uva", "gva", "vault", "items", "device", "sso", "invite", "ec", "no such type", ""];
        string[] actions =
        [
            "create", "activate", "reactive", "suspend", "delete", "changemp", "changesk", "enblmfa", "disblmfa", "updatmfa", "join",
            "leave", "role", "update", "grant", "revoke", "view", "patch", "updatfw", "no such action", "",
        ];
        string[] rests =
        [
            "", ",\"object_uuid\":\"O\"", ",\"object_uuid\":\"O\",\"aux_uuid\":\"A\",\"actor_uuid\":\"B\"",
            ",\"object_name\":\"N\",\"aux_uuid\":5",
        ];
        var sent = types.SelectMany(type => actions.SelectMany(action => rests.Select(rest => Sent(
            Streams.Audit, $$"""{"uuid":"U","timestamp":"2026-01-01T00:00:00Z","action":"{{action}}","object_type":"{{type}}"{{rest}}}""")))).ToArray();

        sent.Select(each => (int)each["class_uid"]!).Distinct().Should().BeEquivalentTo([3001, 3004, 3005, 3006]);
    }

    [Theory]
    [InlineData("signin", """{"uuid":"U"}""")]
    [InlineData("signin", """{"uuid":"U","target_user":{"email":"a@b.example"},"client":{"ip_address":"not one","os_name":"MacOSX"}}""")]
    [InlineData("signin", """{"uuid":"U","target_user":null,"client":[],"session_uuid":7,"category":"","type":null}""")]
    [InlineData("itemusage", """{"uuid":"U","action":"other"}""")]
    [InlineData("itemusage", """{"uuid":"U","vault_uuid":"V","vault_name":"Payroll","user":{},"client":{"ip_address":"2001:db8::1"}}""")]
    [InlineData("audit", "{}")]
    [InlineData("audit", """{"uuid":"U","session":{"ip":"192.0.2.1","uuid":""},"location":{"latitude":1}}""")]
    public void What_is_missing_or_odd_makes_no_event_invalid(string stream, string json) => Sent(stream, json);

    [Fact]
    public void A_sign_in_says_who_from_where_and_how_it_ended()
    {
        var sent = Sent("signin", """{"uuid":"U","session_uuid":"S","timestamp":"2026-09-01T12:00:00.123456789Z","country":"CA","category":"mfa_failed","type":"totp_bad","details":{"value":"x"},"target_user":{"uuid":"T","name":"Jack \u2603","email":"j@acme.example","type":"user"},"client":{"app_name":"1Password CLI","os_name":"MacOSX","os_version":"10.15.6","ip_address":"192.0.2.1"},"location":{"country":"CA","city":"Toronto","latitude":43.640,"longitude":-79.433},"account_uuid":"M","stream":"signin","summary":"s"}""");

        sent.ToJsonString().Should().Be(JsonNode.Parse("""{"activity_id":1,"category_uid":3,"class_uid":3002,"type_uid":300201,"severity_id":2,"time":1788264000000,"message":"s","metadata":{"version":"1.9.0-dev","product":{"name":"1Password","vendor_name":"AgileBits"},"uid":"U","log_name":"signin","tenant_uid":"M","original_time":"2026-09-01T12:00:00.123456789Z"},"status_id":2,"status_code":"mfa_failed","status_detail":"totp_bad","is_mfa":true,"user":{"uid":"T","name":"Jack \u2603","email_addr":"j@acme.example"},"session":{"uid":"S"},"src_endpoint":{"ip":"192.0.2.1","os":{"name":"MacOSX","type_id":300,"version":"10.15.6"},"location":{"city":"Toronto","country":"CA","lat":43.640,"long":-79.433}},"service":{"name":"1Password"},"unmapped":{"country":"CA","details":{"value":"x"},"target_user":{"type":"user"},"client":{"app_name":"1Password CLI"}}}""")!.ToJsonString());
    }

    [Theory]
    [InlineData("reveal", 2)]
    [InlineData("server-create", 1)]
    [InlineData("enter-item-edit-mode", 3)]
    [InlineData("export", 7)]
    [InlineData("share", 8)]
    [InlineData("teleport", 99)]
    [InlineData("", 0)]
    public void What_was_done_with_an_item_has_its_number(string action, int activity)
    {
        var sent = Sent("itemusage", $$$"""{"uuid":"U","action":"{{{action}}}","item_uuid":"I","vault_uuid":"V","user":{"uuid":"A"}}""");

        ((int)sent["activity_id"]!).Should().Be(activity);
        sent["web_resources"]!.AsArray().Select(each => $"{each!["type"]} {each["uid"]}").Should().Equal("item I", "vault V");
    }

    [Fact]
    public void Nothing_of_an_event_is_lost()
    {
        foreach (var stream in EventStream.All)
        {
            var text = Samples.Of(stream.Feature, "U", Noon, 7);
            var sent = Sent(stream.Name, text).ToJsonString();

            foreach (var value in Values(JsonNode.Parse(text)!).Where(value => value.Length > 0))
            {
                sent.Should().Contain(value, stream.Name);
            }
        }
    }

    [Theory]
    [InlineData("audit", """{"uuid":"U","action":"beginr","object_type":"user","object_uuid":"T","object_details":{"uuid":"T","name":"Wendy","email":"wendy@acme.example"}}""")]
    [InlineData("audit", """{"uuid":"U","session":{"uuid":"S1","ip":"192.0.2.1"},"session":{"uuid":"S2","ip":"192.0.2.2","more":1.50},"actor_uuid":"A1","actor_uuid":"A2"}""")]
    [InlineData("audit", """{"uuid":"U","session":{"uuid":"S1","ip":"192.0.2.1"},"session":[5],"object_details":{"a":{"uuid":"x"}}}""")]
    [InlineData("audit", """{"eid":7,"time":"2026-09-01T12:00:00Z","actorUuid":"A","actorName":"Al","actorEmail":"al@acme.example","action":"patch","objectType":"items","objectUuid":"V","objectEmail":"v@acme.example","auxId":12,"auxInfo":"0,1","auxUUID":"B"}""")]
    [InlineData("signin", """{"uuid":"U","target_user":{"uuid":"A","uuid":"B","name":5},"client":{"ip_address":"not one","os_name":"Mac"},"location":{"country":"SE"},"location":{"latitude":1.0}}""")]
    [InlineData("itemusage", """{"uuid":"U","user":{"uuid":"A","name":"N","deep":{"user":{"uuid":"Z"}}},"vault_name":"","item_uuid":null,"used_version":0.50}""")]
    public void What_is_doubled_or_odd_or_without_a_place_is_not_lost(string stream, string json)
    {
        var sent = Sent(stream, json).ToJsonString();

        foreach (var value in Values(json).Where(value => value.GetRawText() != "null"))
        {
            sent.Should().Contain(value.GetRawText());
        }
    }

    [Fact]
    public void What_has_no_place_has_the_name_of_the_Events_API()
    {
        var sent = Sent("audit", """{"eid":7,"action":"patch","objectType":"items","auxId":12,"auxInfo":"0,1","other":{}}""");

        sent["unmapped"]!.ToJsonString().Should().Be("""{"action":"patch","aux_id":12,"aux_info":"0,1","other":{}}""");
    }

    [Fact]
    public void A_test_is_a_base_event()
    {
        const string Test = """{"kind":"test","id":"test-1","time":"2026-09-01T12:00:00Z","summary":"s"}""";
        var item = new ActivityEvent(0, Noon, Encoding.UTF8.GetBytes(Test)) { Id = "test-1" };

        var sent = JsonNode.Parse(Form.Apply([item], "test").Items.Single().Sent.Span)!;

        $"{sent["class_uid"]} {sent["activity_id"]} {sent["type_uid"]} {sent["category_uid"]}".Should().Be("0 99 99 0");
        ((string)sent["metadata"]!["uid"]!).Should().Be("test-1");
    }

    static IEnumerable<string> Values(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(each => Values(each.Value)),
        JsonArray items => items.SelectMany(Values),
        null => [],
        _ => [node.ToJsonString()],
    };

    // Of doubled members each, which a tree of nodes refuses.
    static IEnumerable<JsonElement> Values(string json) => Values(JsonDocument.Parse(json).RootElement);

    static IEnumerable<JsonElement> Values(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(each => Values(each.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Values),
        _ => [element],
    };

    static JsonObject Sent(string stream, string json) =>
        IsValid(new ActivityEvent(0, Noon, Encoding.UTF8.GetBytes(json)) { Id = "U" }, stream);

    static JsonObject IsValid(ActivityEvent item, string stream)
    {
        var sent = JsonNode.Parse(Form.Apply([item], stream).Items.Single().Sent.Span)!.AsObject();
        OcsfSchema.Complaints(sent).Should().BeEmpty($"{stream} {item} became {sent.ToJsonString()}");
        return sent;
    }
}
