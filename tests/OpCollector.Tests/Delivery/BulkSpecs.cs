using System.Text.Json.Nodes;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>
/// A bulk API speaks of each event, and each event is treated as it says; an answer that does not fit one to one proves nothing.
/// </summary>
public sealed class BulkSpecs : IDisposable
{
    static readonly string[] Twice = ["A", "B"];

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(BulkDialect.Elasticsearch, false)]
    [InlineData(BulkDialect.Elasticsearch, true)]
    [InlineData(BulkDialect.OpenSearch, false)]
    [InlineData(BulkDialect.OpenSearch, true)]
    public async Task Everything_arrives_as_the_vendor_wants_it(object dialect, bool gzip)
    {
        using var siem = new Siem(new Bulk((BulkDialect)dialect));
        var log = _host.Account.Log(250);
        _host.To(siem, ((BulkDialect)dialect).ToString().ToLowerInvariant()).Configuration["sink"]!["gzip"] = gzip;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Refusals.Should().BeEmpty();
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Fact]
    public async Task A_repetition_changes_nothing()
    {
        // Stored, and the answer got lost.
        using var siem = new Siem(new Bulk(BulkDialect.Elasticsearch)).With(Fault.Reset().Storing());
        var log = _host.Account.Log(100);

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Requests.Should().HaveCount(2);
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Fact]
    public async Task Two_events_that_claim_one_eid_are_both_there()
    {
        using var siem = new Siem(new Bulk(BulkDialect.Elasticsearch));
        _host.Account.Append(
            "@eid=1001\t" + Account.Event(1001),
            "@eid=1002\t" + """{"eid":1001,"time":"2026-09-01T00:00:00Z","another":true}""",
            Account.Event(1003));

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().HaveCount(3);
        siem.Requests.Should().ContainSingle().Which.Text.Should().Contain("\"_id\":\"1001\"").And.Contain("\"_id\":\"1001-");
    }

    [Fact]
    public async Task What_claims_one_eid_again_and_again_is_there_once_each()
    {
        using var siem = new Siem(new Bulk(BulkDialect.Elasticsearch));
        string[] twins =
        [
            """{"eid":1001,"time":"2026-09-01T00:00:00Z","n":"A"}""", """{"eid":1001,"time":"2026-09-01T00:00:00Z","n":"B"}"""
        ];
        _host.Account.Append([.. Enumerable.Range(0, 5).Select(at => $"@eid={1001 + at}\t{twins[at % 2]}"), Account.Event(1010)]);

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Refusals.Should().BeEmpty();
        siem.Events.Select(each => each.Key).Should().OnlyHaveUniqueItems().And.HaveCount(3);
    }

    [Theory]
    [InlineData("elasticsearch", "_id")]
    [InlineData("splunk-hec", "event_id")]
    public async Task Two_events_of_the_Events_API_that_claim_one_uuid_are_sent_under_two_ids(string format, string place)
    {
        using var receiver = new Receiver();
        receiver.Judge = body => format == "splunk-hec"
            ? Receiver.Answer.Of(200, """{"text":"Success","code":0}""")
            : Receiver.Answer.Of(
                200,
                $$"""{"errors":false,"items":[{{string.Join(',', Ids(body, place).Select(id => $$$"""{"create":{"_id":"{{{id}}}","status":201}}"""))}}]}""");
        Directory.CreateDirectory(_host.State(""));
        await File.WriteAllLinesAsync(_host.State("quarantine.ndjson"), Twice.Append("A").Select(name =>
            $$"""{"when":"2026-05-04T03:02:01Z","stream":"signin","id":"U","why":"x","status":400,"event":{"uuid":"U","timestamp":"2026-09-01T00:00:00Z","name":"{{name}}"} }"""));
        File.SetUnixFileMode(_host.State(""), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _host.To(receiver).Configuration["sink"]!["format"] = format;
        _host.Configuration["sink"]!["url"] = receiver.At(format);

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(0, replay.Stderr);
        Ids(receiver.Requests.Should().ContainSingle().Which.Body, place).Should().HaveCount(2).And.OnlyHaveUniqueItems().And.Contain("U");
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task Of_two_items_with_one_id_the_one_that_is_refused_again_stays()
    {
        var bulk = new Bulk(BulkDialect.Elasticsearch);
        using var siem = new Siem(bulk);
        _host.Account.Append(Account.Event(1));
        await _host.To(siem, "elasticsearch").CollectAsync();
        await File.WriteAllLinesAsync(_host.State("quarantine.ndjson"), Twice.Select(name =>
            $$"""{"when":"2026-05-04T03:02:01Z","stream":"audit","id":"7","why":"x","status":400,"event":{"id":"{{name}}","time":"2026-09-01T00:00:00Z"} }"""));
        bulk.Poison.Add("B");

        var replay = await _host.RunAsync("replay");

        replay.ExitCode.Should().Be(2, replay.Stderr);
        var line = JsonNode.Parse(_host.Quarantine.Should().ContainSingle().Which)!;
        ((string)line["id"]!).Should().Be("7");
        ((string)line["event"]!["id"]!).Should().Be("B");
    }

    [Theory]
    [InlineData(403, "index [x] blocked by: [FORBIDDEN/12/index read-only / allow delete (api)];", 77, "disk", "read_only_allow_delete")]
    [InlineData(
        429,
        "index [x] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark, index has read-only-allow-delete block];",
        75,
        "disk",
        "flood")]
    [InlineData(403, "index [x] blocked by: [FORBIDDEN/8/index write (api)];", 77, "blocked", "index.blocks.write")]
    [InlineData(503, "blocked by: [SERVICE_UNAVAILABLE/2/no master];", 75, "no master", "cluster")]
    public async Task A_block_is_told_in_words_and_not_for_a_wrong_token(int status, string reason, int code, string word, string another)
    {
        using var siem = new Siem(new Bulk(BulkDialect.Elasticsearch));
        _host.Account.Log(3);
        (await _host.To(siem, "elasticsearch").CollectAsync()).ExitCode.Should().Be(0);
        _host.Account.Log(20, first: 5000);
        // What may pass is tried until the time is over.
        _host.Configuration["maxRunTime"] = code == 75 ? "4s" : Sandbox.EnoughTime;
        var error = new JsonObject { ["type"] = "cluster_block_exception", ["reason"] = reason };
        siem.With(Fault.Answer(status, new JsonObject { ["error"] = error.DeepClone(), ["status"] = status }.ToJsonString()).Always());
        var whole = await _host.CollectAsync();
        siem.Recover();
        siem.With(Fault.Changed(answer =>
        {
            answer["errors"] = true;
            foreach (var item in answer["items"]!.AsArray())
            {
                (item!["create"]!["status"], item["create"]!["error"]) = (status, error.DeepClone());
            }
        }).StoringNothing().Always());

        var items = await _host.CollectAsync();

        foreach (var run in new[] { whole, items })
        {
            run.ExitCode.Should().Be(code, run.Stderr);
            run.LastWords.Should().ContainAll(word, another).And.NotContain("sink.auth");
        }

        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task Only_what_is_held_up_is_sent_again()
    {
        var bulk = new Bulk(BulkDialect.Elasticsearch);
        using var siem = new Siem(bulk);
        var log = _host.Account.Log(100);
        bulk.Item($"{log[7]}", 429).Item($"{log[50]}", 503, times: 2);

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Requests.Select(request => request.Ids.Count).Should().Equal(100, 2, 1);
        siem.Accepted.Should().BeEquivalentTo(Ids(log)).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task What_does_not_fit_the_mapping_lies_in_the_quarantine_alone()
    {
        var bulk = new Bulk(BulkDialect.OpenSearch);
        using var siem = new Siem(bulk);
        var log = _host.Account.Log(100);
        bulk.Poison.UnionWith([$"{log[0]}", $"{log[60]}"]);

        var run = await _host.To(siem, "opensearch").CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        siem.Requests.Should().ContainSingle();
        siem.Accepted.Should().Equal(Ids([.. log.Where((_, at) => at is not (0 or 60))]));
        _host.Quarantine.Select(line => JsonNode.Parse(line)!["id"]!.GetValue<string>()).Should().Equal($"{log[0]}", $"{log[60]}");
    }

    [Fact]
    public async Task What_went_to_the_failure_store_lies_in_the_quarantine_too()
    {
        using var siem = new Siem(new Bulk(BulkDialect.Elasticsearch)).With(Fault.Changed(answer =>
        {
            var item = answer["items"]![41]!["create"]!;
            (item["_index"], item["_id"], item["failure_store"]) = (".fs-onepassword-000002", "F3S3s5YBwrYNjPmayMr9", "used");
        }));
        var log = _host.Account.Log(100);

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        siem.Requests.Should().ContainSingle();
        var line = JsonNode.Parse(_host.Quarantine.Single())!;
        line["id"]!.GetValue<string>().Should().Be($"{log[41]}");
        line["why"]!.GetValue<string>().Should().Contain("failure store");
    }

    [Fact]
    public async Task The_order_of_the_items_does_not_matter()
    {
        var bulk = new Bulk(BulkDialect.Elasticsearch);
        using var siem = new Siem(bulk).With(Fault.ItemsReversed().Always());
        var log = _host.Account.Log(100);
        bulk.Poison.Add($"{log[10]}");

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(2, run.Stderr);
        JsonNode.Parse(_host.Quarantine.Single())!["id"]!.GetValue<string>().Should().Be($"{log[10]}");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("extra")]
    [InlineData("of another")]
    [InlineData("errors true")]
    [InlineData("garbage")]
    [InlineData("empty")]
    public async Task An_answer_that_does_not_fit_is_asked_for_again(string contradiction)
    {
        using var siem = new Siem(new Bulk(BulkDialect.Elasticsearch)).With(Contradicting(contradiction));
        var log = _host.Account.Log(20);

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Requests.Should().HaveCount(2);
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("extra")]
    [InlineData("of another")]
    [InlineData("garbage")]
    [InlineData("empty")]
    public async Task An_answer_that_never_fits_ends_the_run_with_76(string contradiction)
    {
        using var siem = new Siem(new Bulk(BulkDialect.Elasticsearch)).With(Contradicting(contradiction).Always());
        _host.Account.Log(20);
        _host.Configuration["maxRunTime"] = "2s";

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(76, run.Stderr);
        _host.Checkpoint["lastEventId"]!.GetValue<long>().Should().Be(0);
        _host.Quarantine.Should().BeEmpty();
    }

    static Fault Contradicting(string how) => how switch
    {
        "missing" => Fault.ItemMissing(3),
        "extra" => Fault.ItemExtra(),
        "of another" => Fault.ItemOfAnother(3),
        "errors true" => Fault.ErrorsFlag(true),
        "garbage" => Fault.Garbage(),
        _ => Fault.Empty(),
    };

    static string[] Ids(string body, string place) =>
        [.. System.Text.RegularExpressions.Regex.Matches(body, $"\"{place}\":\"([^\"]+)\"").Select(match => match.Groups[1].Value)];

    static IEnumerable<string> Ids(long[] log) => log.Select(eid => $"{eid}");
}
