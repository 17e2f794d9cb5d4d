using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>The way through a proxy: from the configuration, else from the environment; its password is told to nobody.</summary>
public sealed class ProxySpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public ProxySpecs()
    {
        _host.To(_receiver);
        // Not this host: plain HTTP goes through a proxy as it is, so the proxy sees the whole request.
        _host.Configuration["sink"]!["url"] = "http://siem.invalid/hook";
        _host.Configuration["sink"]!["allowInsecureHttp"] = true;
    }

    string Proxy => new Uri(_receiver.Url).GetLeftPart(UriPartial.Authority);

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task The_proxy_of_the_configuration_is_taken()
    {
        var log = _host.Account.Log(3);
        _host.Configuration["sink"]!["proxy"] = Proxy;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Accepted.Should().Equal(log);
        _receiver.Requests.Single().Head.Should().StartWith("POST http://siem.invalid/hook ");
    }

    [Fact]
    public async Task Without_one_the_environment_decides()
    {
        var log = _host.Account.Log(3);
        _host.Environment["http_proxy"] = Proxy;

        await _host.CollectAsync();

        _receiver.Accepted.Should().Equal(log);
    }

    [Theory]
    [InlineData("NO_PROXY", ".invalid")]
    [InlineData("no_proxy", "*")]
    [InlineData("no_proxy", "other.example siem.INVALID:80")]
    public async Task A_host_that_the_environment_excepts_is_asked_itself(string variable, string exceptions)
    {
        _host.Account.Log(3);
        _host.Configuration["maxRunTime"] = "3s";
        (_host.Environment["http_proxy"], _host.Environment[variable]) = (Proxy, exceptions);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.LastWords.Should().Contain("cannot be reached");
        _receiver.Connections.Should().Be(0);
    }

    [Theory]
    [InlineData("collect")]
    [InlineData("check")]
    public async Task One_of_the_environment_that_cannot_be_read_ends_a_run_before_anything_is_read(string command)
    {
        _host.Account.Log(3);
        _host.Environment["ALL_PROXY"] = "collector:hush-word@proxy corp:3128";
        _host.Configuration["heartbeat"] = new System.Text.Json.Nodes.JsonObject { ["url"] = "https://monitor.invalid/x" };

        var run = await _host.RunAsync(command);

        run.ExitCode.Should().Be(78);
        (run.Stdout + run.Stderr).Should().Contain("The environment variable ALL_PROXY is not the address of a proxy")
            .And.Contain("holds a blank").And.Contain("siem.invalid").And.Contain("monitor.invalid").And.NotContain("hush-word");
        _host.Account.Calls.Should().NotContain(call => call.StartsWith("list events", StringComparison.Ordinal) && command == "collect");
    }

    [Fact]
    public async Task One_of_the_environment_that_nothing_goes_through_may_hold_anything()
    {
        var log = _host.Account.Log(3);
        _host.Configuration["sink"] = System.Text.Json.Nodes.JsonNode.Parse("""{ "type": "file", "path": "out/events.ndjson" }""");
        _host.Environment["ALL_PROXY"] = "ftp://proxy.example";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task Its_password_is_a_secret()
    {
        _host.Account.Log(3);
        _host.Configuration["sink"]!["proxy"] = System.Text.Json.Nodes.JsonNode.Parse("""{"env":"PROXY"}""");
        _host.Environment["PROXY"] = Proxy.Replace("://", "://collector:s3cret-word@", StringComparison.Ordinal);
        _receiver.Then(
            Answer.Of(407, "", "Proxy-Authenticate: Basic realm=\"x\""),
            Answer.Of(407, "who is s3cret-word?", "Proxy-Authenticate: Basic realm=\"x\""));

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(77, run.Stderr);
        run.Stderr.Should().NotContain("s3cret-word");
        _receiver.Requests[^1].Header("Proxy-Authorization").Should().Be($"Basic {Convert.ToBase64String("collector:s3cret-word"u8)}");
    }

    [Theory]
    [InlineData("http://collector:hush@127.0.0.1:3128", "secret")]
    [InlineData("127.0.0.1:3128", "address of a proxy")]
    [InlineData("ftp://127.0.0.1:3128", "address of a proxy")]
    public async Task A_wrong_one_is_refused_and_not_shown(string proxy, string words)
    {
        _host.Configuration["sink"]!["proxy"] = proxy;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("sink.proxy").And.Contain(words).And.NotContain("hush");
    }

    [Fact]
    public async Task A_proxy_that_is_gone_is_held_up()
    {
        _host.Account.Log(3);
        _host.Configuration["maxRunTime"] = "3s";
        _host.Configuration["sink"]!["proxy"] = new Uri(Receiver.Nowhere).GetLeftPart(UriPartial.Authority);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75, run.Stderr);
    }
}
