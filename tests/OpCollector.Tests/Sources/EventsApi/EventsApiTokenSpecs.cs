using EventsApiEmulator;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Tests;

/// <summary>The token: where it comes from, where it is sent to and where never, and its end.</summary>
public sealed class EventsApiTokenSpecs : IDisposable
{
    readonly EventsApi _api = new();
    readonly Sandbox _host = new();

    public EventsApiTokenSpecs() => _host.From(_api);

    public void Dispose()
    {
        _host.Dispose();
        _api.Dispose();
    }

    [Theory]
    [InlineData("events.1password.com", "https://events.1password.com/")]
    [InlineData("events.ent.1password.com", "https://events.ent.1password.com/")]
    [InlineData("events.1password.ca", "https://events.1password.ca/")]
    [InlineData("EVENTS.1PASSWORD.EU", "https://events.1password.eu/")]
    [InlineData("https://events.1password.eu", "https://events.1password.eu/")]
    [InlineData("127.0.0.1:4711", "http://127.0.0.1:4711/")]
    [InlineData("http://localhost:4711", "http://localhost:4711/")]
    [InlineData("[::1]:4711", "http://[::1]:4711/")]
    [InlineData("1password.com", null)]
    [InlineData("evil1password.com", null)]
    [InlineData("events.1password.com.evil.example", null)]
    [InlineData("events.1password.com@evil.example", null)]
    [InlineData("evil.example/events.1password.com", null)]
    [InlineData("evil.example#.1password.com", null)]
    [InlineData("evil.example?.1password.com", null)]
    [InlineData("http://events.1password.com", null)]
    [InlineData("ftp://events.1password.com", null)]
    [InlineData("ftp://localhost", null)]
    [InlineData("file:///", null)]
    [InlineData("events.1password.com/path", null)]
    [InlineData("events.1pаssword.com", null)]
    [InlineData("10.0.0.1", null)]
    [InlineData("", null)]
    public void A_token_goes_to_the_hosts_of_1Password_and_to_this_machine(string host, string? address)
    {
        EventsApiHost.TryParse(host)?.AbsoluteUri.Should().Be(address);
        (EventsApiHost.TryParse(host) is null).Should().Be(address is null);
    }

    [Theory]
    [InlineData("evil.example", "which is not one of 1Password's")]
    [InlineData("com.1password.streamingservice", "set source.eventsApi.region")]
    public async Task A_token_for_another_host_goes_nowhere(string audience, string complaint)
    {
        _host.Environment["EVENTS_TOKEN"] = ApiToken.For(audience).Text;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().ContainAll("opcollector.json:1:", ": source.eventsApi.token", complaint)
            .And.NotContain(_host.Environment["EVENTS_TOKEN"]);
    }

    [Theory]
    [InlineData("events.1password.eu", "region", "com")]
    [InlineData("events.1password.com", "region", "eu")]
    [InlineData("https://events.ent.1password.com", "region", "com")]
    [InlineData("events.1password.ca", "url", "https://events.1password.com")]
    [InlineData("127.0.0.1:1", "region", "ca")]
    public async Task A_token_for_another_host_than_the_configuration_names_is_not_sent(string audience, string member, string value)
    {
        _host.Environment["EVENTS_TOKEN"] = ApiToken.For(audience).Text;
        _host.Api[member] = value;
        using var proxy = new Receiver();
        _host.Environment["https_proxy"] = new Uri(proxy.Url).GetLeftPart(UriPartial.Authority);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().ContainAll(
            "source.eventsApi.token", $"the token is for {audience[(audience.LastIndexOf('/') + 1)..]}", "is not sent", "region");
        proxy.Connections.Should().Be(0);
        File.Exists(_host.State("events-api.json")).Should().BeFalse("nothing was refused");
    }

    [Theory]
    [InlineData("events.1password.eu")]
    [InlineData("com.1password.streamingservice")]
    public async Task What_leads_to_1Password_on_this_machine_may_have_a_name_of_its_own(string audience)
    {
        _api.Token = ApiToken.For(audience);
        _host.From(_api).Api["url"] = _api.Url;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
    }

    [Fact]
    public async Task A_token_for_this_machine_goes_through_no_proxy()
    {
        using var proxy = new Receiver();
        _host.Environment["http_proxy"] = _host.Environment["all_proxy"] = new Uri(proxy.Url).GetLeftPart(UriPartial.Authority);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        proxy.Requests.Should().BeEmpty();
        _api.Requests.Should().NotBeEmpty();
    }

    [Fact]
    public async Task A_token_that_is_no_jwt_needs_a_region_or_a_url()
    {
        _api.Token = new ApiToken("opaque", ApiToken.All);
        _host.Environment["EVENTS_TOKEN"] = "opaque";
        var without = await _host.CollectAsync();
        _host.Api["url"] = _api.Url;

        var with = await _host.CollectAsync();

        (without.ExitCode, with.ExitCode).Should().Be((78, 0));
    }

    [Fact]
    public async Task A_token_that_ends_soon_is_told_of_once_a_day()
    {
        _api.Token = ApiToken.For(_api.Authority, expires: DateTimeOffset.UtcNow.AddDays(13.5));
        _host.From(_api).Configuration["start"] = "latest";

        var first = await _host.CollectAsync();
        var second = await _host.CollectAsync();

        first.ExitCode.Should().Be(0);
        first.Stderr.Should().ContainAll("expires on", "in 14 days");
        second.Should().Be(new FinishedRun(0, "", ""));
    }

    [Fact]
    public async Task A_token_that_lasts_is_not_worth_a_word()
    {
        await _host.CollectAsync();
        _api.Token = ApiToken.For(_api.Authority, expires: DateTimeOffset.UtcNow.AddDays(15));
        _host.Environment["EVENTS_TOKEN"] = _api.Token.Text;

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
    }

    [Fact]
    public async Task Op_can_read_it_and_gets_its_own_secrets_and_none_of_ours()
    {
        WriteOp($"env > '{_host.Root}/environment'; echo \"$*\" > '{_host.Root}/arguments'; printf %s '{_api.Token.Text}'");
        _host.Environment["OP_SERVICE_ACCOUNT_TOKEN"] = "ops_x";
        _host.Environment["SIEM_TOKEN"] = "ours";
        var audit = _api.Add("auditevents", DateTimeOffset.UtcNow.AddMinutes(-1));

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Uuids.Should().Equal(audit);
        (await File.ReadAllTextAsync(Path.Combine(_host.Root, "arguments")))
            .Should().Be("read --no-newline op://Vault/Events token/credential\n");
        (await File.ReadAllTextAsync(Path.Combine(_host.Root, "environment"))).Should().Contain("OP_SERVICE_ACCOUNT_TOKEN=ops_x")
            .And.NotContain("ours").And.NotContain("EVENTS_TOKEN");
    }

    [Fact]
    public async Task What_op_says_instead_is_told()
    {
        WriteOp("echo '[ERROR] 2026/11/22 06:15:48 could not read secret: no account found for filter' >&2; exit 1");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.LastWords.Should().ContainAll("op read of source.eventsApi.token failed", "no account found", "try it by hand");
    }

    [Fact]
    public async Task An_op_that_is_not_there_is_told()
    {
        WriteOp("");
        _host.Environment["PATH"] = "/nowhere";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().ContainAll("op not found in PATH=/nowhere", "source.eventsApi.token");
    }

    void WriteOp(string script)
    {
        var op = Path.Combine(_host.Root, "op");
        File.WriteAllText(op, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(op, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _host.Environment["PATH"] = $"{_host.Root}:/usr/bin:/bin";
        _host.Environment.Remove("EVENTS_TOKEN");
        _host.Api["token"] = System.Text.Json.Nodes.JsonNode.Parse("""{"op":"op://Vault/Events token/credential"}""");
    }
}
