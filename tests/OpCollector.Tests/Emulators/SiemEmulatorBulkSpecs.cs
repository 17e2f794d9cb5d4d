using System.Text.Json.Nodes;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>
/// The emulated <c>_bulk</c> refuses what Elasticsearch and OpenSearch refuse, whole or item by item, and never stores an id twice.
/// </summary>
public sealed class SiemEmulatorBulkSpecs : IDisposable
{
    const string Ndjson = "Content-Type: application/x-ndjson";

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("siem-emulator-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Each_pair_is_an_item_in_the_same_order()
    {
        using var siem = new Siem(Elasticsearch());

        var (status, text) = await Sender.PostAsync(siem, Pair("1") + Pair("2"), Ndjson);

        status.Should().Be(200);
        text.Should().Be(
            """{"took":1,"errors":false,"items":[{"create":{"_index":"onepassword","_id":"1","status":201,"result":"created"}},{"create":{"_index":"onepassword","_id":"2","status":201,"result":"created"}}]}""");
        siem.Accepted.Should().Equal("1", "2");
        siem.Events[0].Text.Should().Be("""{"@timestamp":"2026-01-01T00:00:00Z","eid":1}""");
    }

    [Theory]
    [InlineData("{\"create\":{\"_id\":\"1\"}}\n{\"@timestamp\":\"t\"}", "terminated by a newline")]
    [InlineData("[{\"create\":{\"_id\":\"1\"}}]\n{}\n", "Malformed action/metadata line [3]")]
    [InlineData("{\"create\":{\"_id\":\"1\"}}\n{}\n\n{}\n", "Malformed action/metadata line [5]")]
    [InlineData("{\"create\":{\"_id\":\"\"}}\n{}\n", "Malformed action/metadata line [3]")]
    [InlineData("{\"create\":{\"id\":\"1\"}}\n{}\n", "Malformed action/metadata line [3]")]
    [InlineData("{\"make\":{\"_id\":\"1\"}}\n{}\n", "Malformed action/metadata line [3]")]
    [InlineData("{\"create\":{\"_id\":\"1\"}}\n", "source is missing")]
    [InlineData("", "request body is required")]
    public async Task A_malformed_request_is_refused_as_a_whole(string body, string why)
    {
        using var siem = new Siem(Elasticsearch());

        var (status, text) = await Sender.PostAsync(siem, body.Length == 0 ? "" : Pair("0") + body, Ndjson);

        status.Should().Be(400);
        JsonNode.Parse(text)!["error"]!["reason"]!.GetValue<string>().Should().Contain(why);
        siem.Accepted.Should().BeEmpty();
    }

    [Fact]
    public async Task An_id_that_is_too_long_fails_the_whole_request()
    {
        using var siem = new Siem(Elasticsearch());

        (await Sender.PostAsync(siem, Pair("1") + Document(new string('ö', 256)), Ndjson)).Status.Should().Be(200);
        (await Sender.PostAsync(siem, Pair("2") + Document(new string('ö', 256) + "x"), Ndjson)).Text
            .Should().Contain("must be no longer than 512 bytes but was: 513");

        siem.Accepted.Should().HaveCount(2).And.NotContain("2");
    }

    [Fact]
    public async Task Another_type_or_index_is_refused()
    {
        using var siem = new Siem(Elasticsearch());

        (await Sender.PostAsync(siem, Pair("1"), "Content-Type: text/plain")).Status.Should().Be(406);
        (await Sender.SendAsync(new Uri(
            siem.Url.Replace("onepassword", "other", StringComparison.Ordinal)), new StringContent(Pair("1")), Ndjson)).Status
            .Should().Be(404);
    }

    [Theory]
    [InlineData("""{"eid":2}""", 400, "document_parsing_exception")]
    [InlineData("""{"@timestamp":"t","eid":2,"a":{"b":1,"b":2}}""", 400, "document_parsing_exception")]
    [InlineData("""{"@timestamp":"t","eid":2""", 400, "document_parsing_exception")]
    [InlineData("[]", 400, "document_parsing_exception")]
    [InlineData("""{"@timestamp":"t","eid":1}""", 409, "version_conflict_engine_exception", "1")]
    public async Task A_bad_document_is_a_bad_item_and_leaves_its_neighbours_alone(
        string document, int status, string type, string id = "2")
    {
        using var siem = new Siem(Elasticsearch());

        var (_, text) = await Sender.PostAsync(siem, Pair("1") + Document(id, document) + Pair("3"), Ndjson);

        var answer = JsonNode.Parse(text)!;
        answer["errors"]!.GetValue<bool>().Should().BeTrue();
        answer["items"]!.AsArray().Select(item => (int)item!["create"]!["status"]!).Should().Equal(201, status, 201);
        answer["items"]![1]!["create"]!["error"]!["type"]!.GetValue<string>().Should().Be(type);
        siem.Accepted.Should().Equal("1", "3");
    }

    [Fact]
    public async Task A_data_stream_takes_creations_only()
    {
        using var stream = new Siem(Elasticsearch());
        using var index = new Siem(new Bulk(BulkDialect.Elasticsearch) { IsDataStream = false });
        var pair = Pair("1").Replace("create", "index", StringComparison.Ordinal);

        (await Sender.PostAsync(stream, pair, Ndjson)).Text.Should().Contain("\"status\":400");
        (await Sender.PostAsync(index, pair, Ndjson)).Text.Should().Contain("\"status\":201");
    }

    [Fact]
    public async Task An_id_is_known_for_ever()
    {
        using (var first = new Siem(Elasticsearch(), _directory.FullName))
        {
            await Sender.PostAsync(first, Pair("1"), Ndjson);
            (await Sender.PostAsync(first, Pair("1"), Ndjson)).Text.Should().Contain("\"status\":409");
        }

        using var second = new Siem(Elasticsearch(), _directory.FullName);
        (await Sender.PostAsync(second, Pair("1") + Pair("2"), Ndjson)).Text.Should().Contain("\"status\":409")
            .And.Contain("\"status\":201");
        second.Accepted.Should().Equal("1", "2");
    }

    [Fact]
    public async Task What_was_lost_on_the_way_is_not_known()
    {
        using var siem = new Siem(Elasticsearch()).With(Fault.Answer(503), Fault.Answer(503).Storing(1));

        await Sender.PostAsync(siem, Pair("1") + Pair("2"), Ndjson);
        siem.Accepted.Should().BeEmpty();
        await Sender.PostAsync(siem, Pair("1") + Pair("2"), Ndjson);
        siem.Accepted.Should().Equal("1");

        (await Sender.PostAsync(siem, Pair("1") + Pair("2"), Ndjson)).Text.Should().MatchRegex("409.*201");
    }

    [Fact]
    public async Task Items_fail_as_scripted_and_as_often()
    {
        using var siem = new Siem(Elasticsearch(poison: "4").Item("2", 429, times: 2).Item("3", 503));

        (await Statuses(siem)).Should().Equal(201, 429, 503, 400);
        (await Statuses(siem)).Should().Equal(409, 429, 201, 400);
        (await Statuses(siem)).Should().Equal(409, 201, 409, 400);
        siem.Accepted.Should().Equal("1", "3", "2");
    }

    [Fact]
    public async Task An_answer_is_twisted_on_command()
    {
        using var siem = new Siem(Elasticsearch()).With(
            Fault.ItemsReversed(), Fault.ItemMissing(1), Fault.ItemExtra(), Fault.ItemOfAnother(2), Fault.ErrorsFlag(false));

        (await Ids()).Should().Equal("4", "3", "2", "1");
        (await Ids()).Should().Equal("1", "3", "4");
        (await Ids()).Should().Equal("1", "2", "3", "4", "1");
        (await Ids()).Should().Equal("1", "2", "somebody-else", "4");
        (await Sender.PostAsync(siem, Pair("1"), Ndjson)).Text.Should().Contain("\"errors\":false").And.Contain("\"status\":409");

        async Task<IEnumerable<string>> Ids() => (await Items(siem)).Select(item => (string)item!["_id"]!);
    }

    [Fact]
    public async Task An_answer_is_filtered_as_asked_for()
    {
        using var siem = new Siem(Elasticsearch());
        var filtered = new Uri(siem.Url + "?filter_path=errors,items.*.status,items.*.error.type");

        (await Sender.SendAsync(filtered, new StringContent(Pair("1") + Document("2", "{}")), Ndjson)).Text
            .Should().Be(
                """{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":400,"error":{"type":"document_parsing_exception"}}}]}""");
    }

    [Fact]
    public async Task OpenSearch_takes_no_chunks_and_has_words_of_its_own()
    {
        using var siem = new Siem(new Bulk(BulkDialect.OpenSearch));
        var chunked =
            $"POST /onepassword/_bulk HTTP/1.1\r\nHost: x\r\n{Ndjson}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{Pair("1").Length:x}\r\n{Pair("1")}\r\n0\r\n\r\n";

        (await Sender.RawAsync(siem, chunked)).Should().StartWith("HTTP/1.1 411 ");
        (await Sender.PostAsync(siem, Document("2", "{}"), Ndjson)).Text.Should().Contain("mapper_parsing_exception");

        using var other = new Siem(Elasticsearch());
        (await Sender.RawAsync(other, chunked)).Should().StartWith("HTTP/1.1 200 ");
    }

    static Bulk Elasticsearch(params string[] poison) => new(BulkDialect.Elasticsearch) { Poison = poison.ToHashSet() };

    static string Pair(string id) => Document(id, $$"""{"@timestamp":"2026-01-01T00:00:00Z","eid":{{id}}}""");

    static string Document(string id, string document = """{"@timestamp":"2026-01-01T00:00:00Z"}""") =>
        $$$"""{"create":{"_id":"{{{id}}}"}}""" + "\n" + document + "\n";

    static async Task<IEnumerable<JsonNode?>> Items(Siem siem)
    {
        var (_, text) = await Sender.PostAsync(siem, string.Concat(Enumerable.Range(1, 4).Select(eid => Pair($"{eid}"))), Ndjson);
        return JsonNode.Parse(text)!["items"]!.AsArray().Select(item => item!["create"]);
    }

    static async Task<IEnumerable<int>> Statuses(Siem siem) => (await Items(siem)).Select(item => (int)item!["status"]!);
}
