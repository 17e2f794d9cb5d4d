using System.Text;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Events;
using OpCollector.Http;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>
/// Half a character, wherever others write one: in an event it passes through, elsewhere it is replaced, and no run ends by it.
/// </summary>
public sealed class HalfCharacterSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    string[] Delivered => File.ReadAllLines(_host.Output);

    [Theory]
    [InlineData("""{"eid":1001,"time":"\ud800"}""")]
    [InlineData("""{"eid":1001,"ti\udfffme":"2026-09-01T00:00:00Z","\ud800":{"\udc00":"\udc00\ud800"}}""")]
    [InlineData("""{"eid":1001,"\ud800\ud800":1,"actorUuid":"\ud800","action":"\udc00","objectType":"\ud800","auxInfo":"\ud800"}""")]
    [InlineData("""{"e\u0069d":1001,"t\u0069me":"2026-09-01T00:00:00\u005a","summary":"\ud800","actorName":"\ud800"}""")]
    public async Task In_an_event_of_op_it_passes_through(string item)
    {
        _host.Account.Append("@eid=1001\t" + item, Account.Event(1002));

        var dry = await _host.CollectAsync("--dry-run", "--output", "text");
        var run = await _host.CollectAsync();

        (dry.ExitCode, run.ExitCode).Should().Be((0, 0), run.Stderr);
        Delivered.Should().HaveCount(2).And.Subject.First().Should().ContainAll(
            item[1..^1].Split("\"actorUuid\"")[0].Split("\"actorName\"")[0]);
        _host.Quarantine.Should().BeEmpty();
        dry.Stdout.Should().NotContain("\ud800");
    }

    [Fact]
    public void A_time_that_is_written_with_escapes_is_a_time()
    {
        var page = OpPage.Parse(
            """[{"eid":1,"time":"2026-09-01T08:30:00\u005A"},{"eid":2,"t\u0069me":"2026-09-01T08:30:00\u002b02:00"},{"eid":3,"time":"\u0022\u000a"}]"""u8.ToArray());

        page.Events.Select(each => each.Time).Should().Equal(
            new DateTimeOffset(2026, 9, 1, 8, 30, 0, TimeSpan.Zero), new DateTimeOffset(2026, 9, 1, 6, 30, 0, TimeSpan.Zero), null);
    }

    [Fact]
    public async Task In_a_page_of_the_Events_API_it_passes_through()
    {
        using var api = new EventsApi();
        _host.From(api, "audit");
        string[] all =
        [
            api.Add("auditevents", DateTimeOffset.UtcNow.AddMinutes(-2)), api.Add("auditevents", DateTimeOffset.UtcNow.AddMinutes(-1))
        ];
        api.With(Trouble.Changed(page => page
            .Replace("{\"", "{\"\\ud800\":\"\\udc00\",\"", StringComparison.Ordinal)
            .Replace("\"timestamp\"", "\"times\\ud800tamp\":1,\"timestamp\"", StringComparison.Ordinal)).Of("auditevents"));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        Delivered.Zip(all).Should().HaveCount(2)
            .And.OnlyContain(
                pair => pair.First.StartsWith("""{"\ud800":"\udc00",""", StringComparison.Ordinal)
                    && pair.First.Contains(pair.Second, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(401, """{"status":401,"message":"Unauthorized \ud800"}""", 77, "Unauthorized")]
    [InlineData(401, """{"Error":{"Message":"\udc00 no","\ud800":1}}""", 77, "no")]
    [InlineData(400, """{"\ud800":1,"status":400,"message":"bad \ud800\ud800"}""", 69, "bad")]
    public async Task In_a_refusal_of_the_Events_API_it_is_replaced(int status, string body, int code, string said)
    {
        using var api = new EventsApi();
        _host.From(api, "audit");
        api.With(Trouble.Answer(status, body, "Content-Type: application/json").Of("auditevents").Always());

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(code, run.Stderr);
        run.LastWords.Should().ContainAll($"{status} (", said, "\uFFFD");
    }

    [Fact]
    public void In_a_cursor_it_is_replaced()
    {
        var page = EventsApiPage.Parse("""{"cursor":"a\ud800b","has_\ud800more":true,"has_more":false,"items":[]}"""u8.ToArray());

        (page.Cursor, page.HasMore).Should().Be(("a\uFFFDb", false));
    }

    [Theory]
    [InlineData("A\\ud800", "\\udc00")]
    [InlineData("A\\u001b[31m", "\u202E")]
    [InlineData("", " ")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "a/b")]
    public void What_is_no_name_is_neither_an_account_nor_a_right(string account, string right) =>
        Introspection.Parse(
            Encoding.UTF8.GetBytes($$"""{"account_uuid":"{{account}}","\ud800":1,"features":["auditevents","{{right}}"]}"""))
            .Should().BeEquivalentTo(new Introspection(null, ["auditevents"]));

    [Theory]
    [InlineData("splunk-hec", """{"text":"\ud800","\udc00":1,"code":0}""", 0)]
    [InlineData("splunk-hec", """{"text":"\ud800","code":"\ud800"}""", 76)]
    [InlineData(
        "elasticsearch",
        """{"errors":false,"\ud800":"\ud800","items":[{"create":{"_id":"1000","status":201,"result":"\ud800","\ud800":1}}]}""",
        0)]
    [InlineData("opensearch", """{"errors":false,"items":[{"create":{"_id":"\ud800","status":201}}]}""", 76)]
    [InlineData("json", """{"\ud800":"\ud800"}""", 0)]
    public async Task In_the_answer_of_a_receiver_it_is_replaced(string format, string answer, int code)
    {
        using var receiver = new Receiver { Judge = _ => Receiver.Answer.Of(200, answer) };
        _host.Account.Log(1);
        _host.Configuration["detection"] = new JsonObject { ["deliver"] = "off" };
        _host.Configuration["maxRunTime"] = code == 0 ? Sandbox.EnoughTime : "4s";
        _host.To(receiver).Configuration["sink"]!["format"] = format;
        _host.Configuration["sink"]!["url"] = receiver.At(format);
        if (format == "splunk-hec")
        {
            _host.Configuration["sink"]!["splunk-hec"] = new JsonObject { ["acknowledgement"] = "off" };
        }

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(code, run.Stderr);
    }

    [Theory]
    [InlineData("""{"status":"\ud800"}""")]
    [InlineData("""{"\ud800":"green","status":"green"}""")]
    public void In_the_health_of_a_cluster_it_is_replaced(string body) =>
        Bulk.JudgeHealth(new HttpAnswer(200, "application/json", null, Encoding.UTF8.GetBytes(body))).Verdict.Should().Be(Verdict.Accepted);

    [Theory]
    [InlineData("""{"eid":7,"time":"\ud800","actorUuid":"A","action":"disblmfa","objectType":"account","objectUuid":"C"}""", 0, 1)]
    [InlineData("""{"eid":7,"\ud800":"x","str\udc00eam":1,"actorUuid":"\ud800","action":"disblmfa","objectType":"account"}""", 0, 1)]
    [InlineData("""{"eid":7,"stream":"\ud800","kind":"\ud800","action":"disblmfa","objectType":"account"}""", 0, 1)]
    [InlineData("""{"stream":"\ud800"}""", 65, 0)]
    public async Task In_events_from_files_it_is_replaced(string item, int code, int findings)
    {
        var run = await _host.RunAsync("detect", Put("e.ndjson", item));

        run.ExitCode.Should().Be(code, run.Stderr);
        run.Lines.Should().HaveCount(findings);
    }

    [Fact]
    public async Task In_somebody_s_name_it_is_replaced_in_pictures_and_configuration()
    {
        var run = await _host.RunAsync("profile", Put("p.ndjson", [.. Enumerable.Range(1, 25).Select(i =>
            $$"""{"eid":{{i}},"time":"2026-09-0{{1 + (i % 7)}}T09:00:00Z","actorUuid":"A\ud800","actorEmail":"a\u202e\u001b\ud800@acme.example","action":"join","objectType":"gm"}""")]));

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stdout.Should().NotContainAny("\u001b", "\u202e", "\ud800").And.Contain("\uFFFD");
    }

    [Fact]
    public async Task In_a_list_of_names_it_is_replaced()
    {
        _host.Configuration["enrichment"] = new JsonObject
        {
            ["lists"] = new JsonArray(
                Put("names.json", """[{"uuid":"CTHSZQHLERKQXM2YFC3S4U5ZU4","na\ud800me":1,"name":"Ali\ud800ce","email":"\udc00"}]"""))
        };
        _host.Account.Append(Account.Event(1001));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        Delivered.Should().ContainSingle().Which.Should().Contain("1001");
    }

    string Put(string name, params string[] lines)
    {
        var path = Path.Combine(_host.Root, name);
        File.WriteAllLines(path, lines);
        return path;
    }
}
