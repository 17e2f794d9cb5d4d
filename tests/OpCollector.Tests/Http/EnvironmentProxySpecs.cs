using OpCollector.Cli.Hosting;
using OpCollector.Http;
using OpCollector.Sources.EventsApi;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>Which variable of the environment says what the proxy is for a server, and what becomes of one that cannot be read.</summary>
public sealed class EnvironmentProxySpecs : IDisposable
{
    const string Unreadable = "ftp://collector:hush@proxy.example:21";

    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Theory]
    [InlineData("https", "https_proxy=a HTTPS_PROXY=b all_proxy=c ALL_PROXY=d", "a")]
    [InlineData("https", "https_proxy= HTTPS_PROXY=b all_proxy=c ALL_PROXY=d", "b")]
    [InlineData("https", "http_proxy=x HTTP_PROXY=y all_proxy=c ALL_PROXY=d", "c")]
    [InlineData("https", "http_proxy=x HTTP_PROXY=y ALL_PROXY=d", "d")]
    [InlineData("http", "http_proxy=a HTTP_PROXY=b all_proxy=c", "a")]
    [InlineData("http", "HTTP_PROXY=b all_proxy=c", "b")]
    [InlineData("http", "HTTP_PROXY=b all_proxy=c GATEWAY_INTERFACE=CGI/1.1", "c")]
    [InlineData("https", "HTTPS_PROXY=b all_proxy=c GATEWAY_INTERFACE=CGI/1.1", "b")]
    [InlineData("https", "http_proxy=x", null)]
    [InlineData("https", "https_proxy=a NO_PROXY=siem.example", null)]
    [InlineData("https", "", null)]
    public void The_first_that_is_set_decides(string scheme, string variables, string? host) =>
        Proxy(variables).For(new Uri($"{scheme}://siem.example")).Address?.Host.Should().Be(host);

    [Theory]
    [InlineData("https", "https_proxy", "http_proxy=x all_proxy=c ALL_PROXY=d")]
    [InlineData("https", "HTTPS_PROXY", "http_proxy=x all_proxy=c")]
    [InlineData("https", "all_proxy", "ALL_PROXY=d")]
    [InlineData("https", "ALL_PROXY", "")]
    [InlineData("http", "http_proxy", "HTTP_PROXY=b")]
    [InlineData("http", "HTTP_PROXY", "all_proxy=c")]
    public void One_that_decides_and_cannot_be_read_is_named_and_not_shown(string scheme, string variable, string others)
    {
        var proxy = Proxy($"{variable}={Unreadable} {others}");

        var refusal = Refusal(() => proxy.For(new Uri($"{scheme}://siem.example:8088/hook/s3cret")));

        refusal.Should().StartWith($"The environment variable {variable} is not the address of a proxy")
            .And.ContainAll("has another scheme", "name siem.example in NO_PROXY").And.NotContainAny("hush", "s3cret", "collector");
    }

    [Theory]
    [InlineData("http", "https_proxy")]
    [InlineData("https", "HTTP_PROXY")]
    [InlineData("https", "NO_PROXY=* HTTPS_PROXY")]
    [InlineData("https", "no_proxy=.example all_proxy")]
    public void One_that_does_not_decide_may_hold_anything(string scheme, string variables) =>
        Proxy($"{variables}={Unreadable}").For(new Uri($"{scheme}://siem.example")).Address.Should().BeNull();

    [Fact]
    public void No_way_to_a_receiver_is_opened_past_it()
    {
        _written.Environment["HTTPS_PROXY"] = Unreadable;
        _written.Environment["SIEM_TOKEN"] = "hush-token";

        Refusal(() => Open("")).Should().Contain("HTTPS_PROXY").And.Contain("siem.example");
        Refusal(() => Open(""" "proxy": "http://proxy.example:3128", """)).Should().BeEmpty("sink.proxy decides");
        _written.Environment["NO_PROXY"] = "siem.example";
        Refusal(() => Open("")).Should().BeEmpty("the receiver is excepted");
        Refusal(() => Open("""
            "auth": { "oauth2": { "tokenUrl": "https://login.example/t", "clientId": "c", "clientSecret": { "env": "SIEM_TOKEN" } } },
            """)).Should().Contain("HTTPS_PROXY").And.Contain("login.example");
    }

    [Theory]
    [InlineData("", "logs.s3.eu-central-1.amazonaws.com")]
    [InlineData(""" "pathStyle": true, """, "s3.eu-central-1.amazonaws.com")]
    [InlineData(""" "endpoint": "https://store.example", """, "logs.store.example")]
    [InlineData(""" "endpoint": "https://store.example", "pathStyle": true, """, "store.example")]
    [InlineData(""" "region": "cn-north-1", """, "logs.s3.cn-north-1.amazonaws.com.cn")]
    public void No_way_to_a_bucket_is_opened_past_it(string members, string host)
    {
        _written.Environment["https_proxy"] = Unreadable;
        var region = members.Contains("region", StringComparison.Ordinal) ? "" : """ "region": "eu-central-1", """;
        var sink = $$"""
            "type": "s3", "bucket": "logs", {{region}} {{members}} "credentials": { "accessKeyId": "k", "secretAccessKey": { "env": "S" } }
            """;
        _written.Environment["S"] = "hush-key";

        Refusal(() => OpenSink(sink)).Should().Contain("https_proxy").And.Contain($"name {host} in NO_PROXY");
        _written.Environment["NO_PROXY"] = host;
        Refusal(() => OpenSink(sink)).Should().BeEmpty("the bucket is excepted");
    }

    [Fact]
    public void No_way_to_1Password_is_opened_past_it()
    {
        void Open(string url, EnvironmentProxy proxy)
        {
            using var client = new EventsApiClient(new Uri(url), "token", proxy, TimeProvider.System, Logger.None);
        }

        Refusal(() => Open("https://events.1password.com", Proxy($"HTTPS_PROXY={Unreadable}"))).Should().Contain("HTTPS_PROXY");
        Refusal(() => Open("http://127.0.0.1:1", Proxy($"all_proxy={Unreadable}"))).Should().BeEmpty("no proxy is asked for this machine");
    }

    static EnvironmentProxy Proxy(string variables) => new(new EnvironmentVariables(variables
        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(each => each.Split('=', 2))
        .ToDictionary(each => each[0], each => each[1])));

    void Open(string members) => OpenSink($""" "type": "webhook", "url": "https://siem.example/hook", {members} "format": "json" """);

    void OpenSink(string sink)
    {
        using var opened = _written.LoadText($$"""
            { "source": { "type": "op", "op": { "account": "acme", "password": { "env": "P" } } }, "sink": { {{sink}} } }
            """).Sink.Open(TimeProvider.System, Logger.None);
    }

    static string Refusal(Action action)
    {
        try
        {
            action();
            return "";
        }
        catch (Failure failure) when (failure.Code == ExitCode.Configuration)
        {
            return failure.Message;
        }
    }
}
