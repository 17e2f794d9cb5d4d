using System.Text.Json.Nodes;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>TLS as nginx speaks it: whom we trust, whom we do not, and that what is not trusted gets nothing.</summary>
public sealed class TlsSpecs : IDisposable
{
    const string Nginx = "/usr/sbin/nginx";

    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();
    readonly Certificates _authority;
    readonly int _port = Daemon.FreePort();

    public TlsSpecs()
    {
        _host.To(_receiver);
        _authority = new Certificates(Path.Combine(_host.Root, "pki"));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task A_private_authority_is_trusted_when_the_configuration_says_so()
    {
        using var nginx = await ServeAsync("localhost");
        var log = _host.Account.Log(3);

        var run = await CollectAsync($$"""{"ca":"{{_authority.Authority}}"}""");

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Accepted.Should().Equal(log);
    }

    [Theory]
    [InlineData("localhost", -10, -1, true)]
    [InlineData("localhost", 1, 10, true)]
    [InlineData("siem.example", -1, 1, true)]
    [InlineData("localhost", -1, 1, false)]
    public async Task A_certificate_that_does_not_hold_gets_nothing(string name, int fromDay, int untilDay, bool isKnown)
    {
        using var nginx = await ServeAsync(name, fromDay, untilDay);
        _host.Account.Log(3);

        var run = await CollectAsync(isKnown ? $$"""{"ca":"{{_authority.Authority}}"}""" : null);

        run.ExitCode.Should().Be(78, run.Stderr);
        run.LastWords.Should().Contain("not trusted").And.Contain("sink.tls");
        _receiver.Requests.Should().BeEmpty();
        _host.Quarantine.Should().BeEmpty();
    }

    [Fact]
    public async Task Only_the_authority_that_is_named_is_trusted()
    {
        using var other = new Certificates(Path.Combine(_host.Root, "other"), "Other CA");
        using var nginx = await ServeAsync("localhost");
        _host.Account.Log(3);

        var run = await CollectAsync($$"""{"ca":"{{other.Authority}}"}""");

        run.ExitCode.Should().Be(78);
        _receiver.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task To_trust_everybody_is_possible_and_every_run_warns_of_it()
    {
        using var nginx = await ServeAsync("siem.example", -10, -1);
        var log = _host.Account.Log(3);

        var first = await CollectAsync("""{"allowInsecure":true}""");
        var second = await CollectAsync("""{"allowInsecure":true}""");

        first.ExitCode.Should().Be(0, first.Stderr);
        _receiver.Accepted.Should().Equal(log);
        second.Complaint.Should().Contain("WRN").And.Contain("sink.tls.allowInsecure");
    }

    [Fact]
    public async Task A_handshake_that_stalls_is_given_up_and_tried_again()
    {
        _receiver.Otherwise = Answer.Stalled("");
        _host.Configuration["sink"]!["url"] = _receiver.Url.Replace("http://", "https://", StringComparison.Ordinal);
        _host.Configuration["sink"]!["timeout"] = "1s";
        _host.Configuration["maxRunTime"] = "8s";
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75, run.Stderr);
        run.LastWords.Should().Contain("sink.timeout");
        _receiver.Connections.Should().BeGreaterThan(1);
    }

    [Fact]
    public async Task Plain_HTTP_where_TLS_should_be_is_not_talked_to()
    {
        using var nginx = await ServeAsync(null);
        _host.Account.Log(3);

        var run = await CollectAsync(null);

        run.ExitCode.Should().Be(78, run.Stderr);
        _receiver.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"ca":"pki/ca.pem","allowInsecure":true}""", "allowInsecure")]
    [InlineData("""{"certificate":"pki/ca.pem"}""", "go together")]
    [InlineData("""{"ca":"no-such-file"}""", "no-such-file")]
    [InlineData("""{"ca":"opcollector.json"}""", "no certificate")]
    [InlineData("""{"certificate":"pki/ca.pem","key":"pki/ca.pem"}""", "PEM")]
    [InlineData("""{"ca":"pki/ca.pem","cA":1}""", "unknown")]
    public async Task A_wrong_setting_names_its_line_and_the_file(string tls, string words)
    {
        _host.Account.Log(3);
        File.SetUnixFileMode(_authority.Authority, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _host.Configuration["sink"]!["tls"] = JsonNode.Parse(tls);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78, run.Stderr);
        run.LastWords.Should().MatchRegex(@"opcollector\.json:1:\d+: sink.tls").And.Contain(words);
    }

    [Fact]
    public async Task A_key_that_others_can_read_is_refused()
    {
        var (certificate, key) = _authority.Sign("collector");
        File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        _host.Account.Log(3);
        _host.Configuration["sink"]!["tls"] = new JsonObject { ["certificate"] = certificate, ["key"] = key };

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("sink.tls.key").And.Contain("chmod 600");
    }

    Task<FinishedRun> CollectAsync(string? tls)
    {
        _host.Configuration["sink"]!["url"] = $"https://localhost:{_port}/hook";
        _host.Configuration["sink"]!["tls"] = tls is null ? new JsonObject() : JsonNode.Parse(tls);
        return _host.CollectAsync();
    }

    async Task<Daemon> ServeAsync(string? name, int fromDay = -1, int untilDay = 1)
    {
        var settings = "";
        if (name is not null)
        {
            var (certificate, key) = _authority.Sign(name, DateTimeOffset.UtcNow.AddDays(fromDay), DateTimeOffset.UtcNow.AddDays(untilDay));
            settings = $"ssl_certificate {certificate}; ssl_certificate_key {key};";
        }

        var configuration = Path.Combine(_host.Root, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            user root; daemon off; worker_processes 1; pid {{_host.Root}}/nginx.pid; error_log {{_host.Root}}/nginx.log;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path {{_host.Temporary}}/body; proxy_temp_path {{_host.Temporary}}/proxy;
              fastcgi_temp_path {{_host.Temporary}}/f; uwsgi_temp_path {{_host.Temporary}}/u; scgi_temp_path {{_host.Temporary}}/s;
              server { listen 127.0.0.1:{{_port}}{{(name is null ? "" : " ssl")}}; {{settings}}
                location / { proxy_pass {{new Uri(_receiver.Url).GetLeftPart(UriPartial.Authority)}}; proxy_http_version 1.1; } }
            }
            """);
        return await Daemon.StartAsync(Nginx, ["-c", configuration, "-e", $"{_host.Root}/nginx-start.log"], () => Daemon.Listens(_port));
    }
}
