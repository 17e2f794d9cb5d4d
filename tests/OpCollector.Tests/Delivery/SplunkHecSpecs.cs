using System.Text.Json.Nodes;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>
/// A Splunk that takes a part, acknowledges late, never or not at all, and is busy, has every event in the end, and is never believed too
/// early.
/// </summary>
public sealed class SplunkHecSpecs : IDisposable
{
    const string Token = "11111111-2222-3333-4444-555555555555";

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Everything_arrives_as_Splunk_wants_it()
    {
        using var splunk = new Siem(new SplunkHec(Token) { Indexes = ["security"] });
        var log = _host.Account.Log(250);

        var run = await CollectAsync(splunk, acknowledgement: "off", index: "security");

        run.ExitCode.Should().Be(0, run.Stderr);
        splunk.Refusals.Should().BeEmpty();
        splunk.Accepted.Should().Equal(Ids(log));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("gzip, gzip")]
    [InlineData("utf-8, gzip")]
    public async Task An_answer_that_something_on_the_way_has_packed_is_read(string coding)
    {
        using var splunk = new Receiver { Otherwise = Receiver.Answer.Packed("""{"text":"Success","code":0}""", coding) };
        _host.To(splunk).Configuration["sink"]!["url"] = splunk.At("splunk-hec");
        _host.Configuration["sink"]!["format"] = "splunk-hec";
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Errors.Should().BeEmpty();
        splunk.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(10)]
    public async Task A_packed_answer_that_lacks_its_end_is_none(int missing)
    {
        const string Success = """{"text":"Success","code":0}""";
        using var splunk = new Receiver();
        splunk.Then(Receiver.Answer.Packed(Success, "gzip", missing), Receiver.Answer.Packed(Success, "gzip"));
        _host.To(splunk).Configuration["sink"]!["url"] = splunk.At("splunk-hec");
        _host.Configuration["sink"]!["format"] = "splunk-hec";
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        splunk.Requests.Count.Should().Be(2);
    }

    [Fact]
    public async Task The_checkpoint_waits_until_the_events_are_indexed()
    {
        using var splunk = new Siem(new SplunkHec(Token) { Acknowledges = true, FalsePolls = 2 });
        var log = _host.Account.Log(3);
        var early = false;
        splunk.OnAccepted = _ => early |= File.Exists(_host.State("checkpoint.json"))
            && _host.Checkpoint["lastEventId"]?.GetValue<long>() == log[^1];

        var run = await CollectAsync(splunk);

        run.ExitCode.Should().Be(0, run.Stderr);
        early.Should().BeFalse();
        splunk.Accepted.Should().Equal(Ids(log));
        splunk.Requests.Where(request => request.Head.Path.EndsWith("/ack", StringComparison.Ordinal)).Should().HaveCount(3);
        splunk.Requests.Select(request => request.Header("X-Splunk-Request-Channel")).Distinct().Should().ContainSingle()
            .Which.Should().NotBeNull();
    }

    [Fact]
    public async Task What_is_never_acknowledged_is_sent_once_in_a_run_and_again_in_the_next()
    {
        var log = _host.Account.Log(3);
        _host.Configuration["maxRunTime"] = "3s";
        using (var forgetful = new Siem(new SplunkHec(Token) { Acknowledges = true, Polls = HecPolls.Never }))
        {
            var run = await CollectAsync(forgetful);

            run.ExitCode.Should().Be(75, run.Stderr);
            run.LastWords.Should().Contain("has not acknowledged");
            forgetful.Accepted.Should().Equal(Ids(log));
        }

        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        using var splunk = new Siem(new SplunkHec(Token) { Acknowledges = true });
        (await CollectAsync(splunk)).ExitCode.Should().Be(0);
        splunk.Accepted.Should().Equal(Ids(log));
    }

    [Theory]
    [InlineData(false, HecPolls.True, 78, "acknowledgement")]
    [InlineData(true, HecPolls.Disabled, 78, "acknowledgement")]
    [InlineData(true, HecPolls.Garbage, 76, "nonsense")]
    public async Task A_token_that_cannot_acknowledge_is_never_put_up_with(bool acknowledges, object polls, int exitCode, string words)
    {
        // Nonsense is asked again until the time is over.
        _host.Configuration["maxRunTime"] = exitCode == 76 ? "3s" : Sandbox.EnoughTime;
        using var splunk = new Siem(new SplunkHec(Token) { Acknowledges = acknowledges, Polls = (HecPolls)polls });
        _host.Account.Log(3);

        var run = await CollectAsync(splunk);

        run.ExitCode.Should().Be(exitCode, run.Stderr);
        run.LastWords.Should().Contain(words);
        _host.Checkpoint["lastEventId"]!.GetValue<long>().Should().Be(0);
        _host.Quarantine.Should().BeEmpty();
    }

    [Theory]
    [InlineData("off", 1)]
    [InlineData("required", 2)]
    public async Task The_events_around_a_bad_one_are_in_and_counted_as_acknowledgement_asks(string acknowledgement, int times)
    {
        var hec = new SplunkHec(Token) { Acknowledges = acknowledgement == "required" };
        using var splunk = new Siem(hec);
        var log = _host.Account.Log(100);
        hec.Poison.Add($"{log[40]}");

        var run = await CollectAsync(splunk, acknowledgement);

        run.ExitCode.Should().Be(2, run.Stderr);
        JsonNode.Parse(_host.Quarantine.Single())!["id"]!.GetValue<string>().Should().Be($"{log[40]}");
        // What stands before the bad one has no acknowledgement of its own.
        splunk.Accepted.Take(40).Should().Equal(Ids(log[..40]));
        splunk.Accepted.Should().HaveCount(59 + (40 * times));
        splunk.Accepted.Skip(splunk.Accepted.Count - 59).Should().Equal(Ids(log[41..]));
    }

    [Theory]
    [InlineData("off", 100)]
    [InlineData("required", 130)]
    public async Task A_busy_Splunk_gets_the_rest_after_the_wait(string acknowledgement, int stored)
    {
        using var splunk = new Siem(new SplunkHec(Token) { Acknowledges = acknowledgement == "required" }).With(Fault.HecBusy(30));
        var log = _host.Account.Log(100);

        var run = await CollectAsync(splunk, acknowledgement);

        run.ExitCode.Should().Be(0, run.Stderr);
        splunk.Accepted.Should().HaveCount(stored);
        splunk.Accepted.Distinct().Should().Equal(Ids(log));
    }

    [Theory]
    [InlineData("99999999-2222-3333-4444-555555555555", "security", 77)]
    [InlineData(Token, "elsewhere", 78)]
    public async Task A_token_or_an_index_that_Splunk_does_not_know_costs_one_request(string token, string index, int exitCode)
    {
        using var splunk = new Siem(new SplunkHec(Token) { Indexes = ["security"] });
        _host.Account.Log(3);

        var run = await CollectAsync(splunk, acknowledgement: "off", token, index);

        run.ExitCode.Should().Be(exitCode, run.Stderr);
        splunk.Requests.Should().ContainSingle();
        _host.Quarantine.Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"text":"Success","code":0""")]
    [InlineData("""{"text":"Success","code":8}""")]
    [InlineData("""{"text":"Success","code":"0"}""")]
    public async Task A_200_that_is_no_code_0_is_no_receipt(string answer)
    {
        using var splunk = new Siem(new SplunkHec(Token)).With(Fault.Answer(200, answer));
        var log = _host.Account.Log(3);

        var run = await CollectAsync(splunk, acknowledgement: "off");

        run.ExitCode.Should().Be(0, run.Stderr);
        splunk.Accepted.Should().Equal(Ids(log));
        splunk.Requests.Count.Should().Be(2);
    }

    Task<FinishedRun> CollectAsync(Siem splunk, string acknowledgement = "required", string token = Token, string? index = null)
    {
        var sink = _host.To(splunk, "splunk-hec").Configuration["sink"]!;
        sink["splunk-hec"] = new JsonObject { ["acknowledgement"] = acknowledgement };
        if (index is not null)
        {
            sink["splunk-hec"]!["index"] = index;
        }

        _host.Environment["TOKEN"] = token;
        sink["auth"] = JsonNode.Parse("""{"header":{"name":"Authorization","prefix":"Splunk ","value":{"env":"TOKEN"}}}""");
        return _host.CollectAsync();
    }

    static IEnumerable<string> Ids(long[] log) => log.Select(eid => $"{eid}");
}
