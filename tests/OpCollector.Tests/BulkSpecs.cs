using System.Text.Json.Nodes;
using FluentAssertions;
using OpCollector.Tests.Support;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;
using Xunit;

namespace OpCollector.Tests;

/// <summary>A bulk API speaks of each event, and each event is treated as it says; an answer that does not fit one to one proves nothing.</summary>
public sealed class BulkSpecs : IDisposable
{
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
        _host.Account.Append("@eid=1001\t" + Account.Event(1001), "@eid=1002\t" + """{"eid":1001,"time":"2026-09-01T00:00:00Z","another":true}""", Account.Event(1003));

        var run = await _host.To(siem, "elasticsearch").CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().HaveCount(3);
        siem.Requests.Should().ContainSingle().Which.Text.Should().Contain("\"_id\":\"1001\"").And.Contain("\"_id\":\"1001-");
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

    static IEnumerable<string> Ids(long[] log) => log.Select(eid => $"{eid}");
}
