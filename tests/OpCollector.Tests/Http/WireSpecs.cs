using System.Text.Json.Nodes;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;
using SiemEmulator.Tls;

namespace OpCollector.Tests;

/// <summary>However an answer comes over the wire, it counts when all of it is there, and never before.</summary>
public sealed class WireSpecs : IDisposable
{
    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(Manner.Chunked)]
    [InlineData(Manner.CloseDelimited)]
    [InlineData(Manner.Interim)]
    [InlineData(Manner.Slow)]
    public async Task A_whole_answer_counts_in_whatever_way_it_comes(object manner)
    {
        using var siem = new Siem(new ArrayOfObjects()).With(Fault.OnTheWire((Manner)manner).Always());
        var log = _host.Account.Log(150);

        var run = await _host.To(siem).CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Theory]
    [InlineData(Manner.Hang)]
    [InlineData(Manner.Stall)]
    [InlineData(Manner.ShortLength)]
    [InlineData(Manner.ShortChunks)]
    [InlineData(Manner.Close)]
    [InlineData(Manner.Reset)]
    [InlineData(Manner.ResetInside)]
    public async Task An_answer_that_does_not_come_to_its_end_is_asked_for_again(object manner)
    {
        using var siem = new Siem(new ArrayOfObjects()).With(Fault.OnTheWire((Manner)manner).Storing());
        var log = _host.Account.Log(3);
        _host.To(siem).Configuration["sink"]!["timeout"] = "1s";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().Equal(Ids([.. log, .. log]));
        siem.Requests.Select(request => request.Header("Idempotency-Key")).Distinct().Should().ContainSingle();
    }

    [Theory]
    [InlineData("splunk-hec")]
    [InlineData("elasticsearch")]
    public async Task Half_a_body_without_a_length_is_seen_by_its_grammar(string format)
    {
        EventReceiver receiver = format == "splunk-hec" ? new SplunkHec("token") : new Bulk(BulkDialect.Elasticsearch);
        using var siem = new Siem(receiver).With(Fault.OnTheWire(Manner.HalfBody).StoringNothing());
        var log = _host.Account.Log(3);
        _host.To(siem, format).Environment["TOKEN"] = "token";
        _host.Configuration["sink"]!["auth"] =
            JsonNode.Parse("""{"header":{"name":"Authorization","prefix":"Splunk ","value":{"env":"TOKEN"}}}""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().Equal(Ids(log));
    }

    [Theory]
    [InlineData(413, 2)]
    [InlineData(503, 0)]
    public async Task An_answer_that_comes_before_the_body_was_read_is_heard(int status, int moreRequests)
    {
        using var siem = new Siem(new ArrayOfObjects()).With(Fault.Answer(status).BeforeReading());
        var log = _host.Account.Log(100);

        var run = await _host.To(siem).CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().Equal(Ids(log));
        siem.Requests.Should().HaveCountGreaterThan(moreRequests);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Where_a_redirect_leads_nobody_goes(int status)
    {
        using var siem = new Siem(new ArrayOfObjects()).With(Fault.Redirect(status));
        _host.Account.Log(3);

        var run = await _host.To(siem).CollectAsync();

        run.ExitCode.Should().Be(78);
        siem.Followed.Should().BeEmpty();
        siem.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData(TlsKind.Expired, 78)]
    [InlineData(TlsKind.NotYetValid, 78)]
    [InlineData(TlsKind.WrongHost, 78)]
    [InlineData(TlsKind.SelfSigned, 78)]
    [InlineData(TlsKind.UnknownAuthority, 78)]
    [InlineData(TlsKind.PlainHttp, 78)]
    [InlineData(TlsKind.Old, 78)]
    [InlineData(TlsKind.HandshakeStalls, 75)]
    // It closes the connection without a word, so it could be anything.
    [InlineData(TlsKind.ClientCertificateRequired, 75)]
    public async Task Nothing_is_sent_over_TLS_that_does_not_hold(object kind, int exitCode)
    {
        using var siem = new Siem(new ArrayOfObjects(), tls: (TlsKind)kind);
        _host.Account.Log(3);
        if (exitCode == 75)
        {
            _host.Configuration["maxRunTime"] = "3s";
        }

        var run = await SecurelyAsync(siem, $$"""{"ca":"{{siem.Tls.Authority}}"}""", timeout: exitCode == 75 ? "1s" : "20s");

        run.ExitCode.Should().Be(exitCode, run.Stderr);
        siem.Accepted.Should().BeEmpty();
        _host.Checkpoint["lastEventId"]!.GetValue<long>().Should().Be(0);
        _host.Quarantine.Should().BeEmpty();
    }

    [Theory]
    [InlineData(TlsKind.Good)]
    [InlineData(TlsKind.ClientCertificateRequired)]
    public async Task TLS_that_holds_carries_everything(object kind)
    {
        using var siem = new Siem(new ArrayOfObjects(), tls: (TlsKind)kind);
        var log = _host.Account.Log(3);

        var run = await SecurelyAsync(
            siem,
            $$"""{"ca":"{{siem.Tls.Authority}}","certificate":"{{siem.Tls.Client}}","key":"{{siem.Tls.ClientKey}}"}""",
            timeout: "20s");

        run.ExitCode.Should().Be(0, run.Stderr);
        siem.Accepted.Should().Equal(Ids(log));
    }

    Task<FinishedRun> SecurelyAsync(Siem siem, string tls, string timeout)
    {
        var sink = _host.To(siem).Configuration["sink"]!;
        (sink["tls"], sink["timeout"]) = (JsonNode.Parse(tls), timeout);
        return _host.CollectAsync();
    }

    static IEnumerable<string> Ids(long[] log) => log.Select(eid => $"{eid}");
}
