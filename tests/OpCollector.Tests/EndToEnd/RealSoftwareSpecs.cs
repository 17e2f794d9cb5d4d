using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests;

/// <summary>Against software that others wrote: what we believe of the outside world holds there too.</summary>
public sealed class RealSoftwareSpecs : IDisposable
{
    const string Nginx = "/usr/sbin/nginx";
    const string Webhook = "/usr/bin/webhook";
    const string Rsyslog = "/usr/sbin/rsyslogd";

    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();
    readonly int _port = Daemon.FreePort();

    public RealSoftwareSpecs() => _host.To(_receiver);

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task An_nginx_that_takes_small_requests_only_gets_small_ones()
    {
        using var nginx = await NginxAsync("client_max_body_size 2k;");
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Accepted.Should().Equal(log);
        _receiver.Requests.Should().OnlyContain(request => request.Body.Length <= 2048);
    }

    [Fact]
    public async Task An_nginx_that_takes_few_requests_a_second_gets_everything_in_the_end()
    {
        using var nginx = await NginxAsync("limit_req zone=few; limit_req_status 429;");
        var log = _host.Account.Log(250);

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().Contain("429");
        _receiver.Accepted.Should().Equal(log);
    }

    [Fact]
    public async Task An_nginx_whose_receiver_is_gone_is_held_up_and_nothing_is_lost()
    {
        using var nginx = await NginxAsync("", Receiver.Nowhere);
        _host.Configuration["maxRunTime"] = "3s";
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.LastWords.Should().Contain("502");
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        (await _host.To(_receiver).CollectAsync()).ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal(log);
    }

    [Fact]
    public async Task An_nginx_that_asks_for_our_certificate_gets_it()
    {
        using var authority = new Certificates(Path.Combine(_host.Root, "pki"));
        using var nginx = await NginxAsync(Tls(authority));
        var (certificate, key) = authority.Sign("collector");
        _host.Configuration["sink"]!["tls"] = new JsonObject { ["ca"] = authority.Authority, ["certificate"] = certificate, ["key"] = key };
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Accepted.Should().Equal(log);
    }

    [Theory]
    [InlineData(false, "No required SSL certificate")]
    [InlineData(true, "SSL certificate error")]
    public async Task An_nginx_that_does_not_know_our_certificate_gets_nothing_and_nothing_is_put_aside(bool withOther, string words)
    {
        using var authority = new Certificates(Path.Combine(_host.Root, "pki"));
        using var others = new Certificates(Path.Combine(_host.Root, "other-pki"), "Other CA");
        using var nginx = await NginxAsync(Tls(authority));
        var (certificate, key) = others.Sign("collector");
        _host.Configuration["sink"]!["tls"] = withOther
            ? new JsonObject { ["ca"] = authority.Authority, ["certificate"] = certificate, ["key"] = key }
            : new JsonObject { ["ca"] = authority.Authority };
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain(words);
        _receiver.Accepted.Should().BeEmpty();
        _host.Quarantine.Should().BeEmpty();
    }

    [Theory]
    [InlineData("s3cret-of-the-hook", 0)]
    // It answers 500 to a signature that does not fit, so we come again: late, and not lost.
    [InlineData("another-secret", 75)]
    public async Task The_webhook_receiver_verifies_our_HMAC(string secret, int exitCode)
    {
        var taken = Path.Combine(_host.Root, "taken");
        var script = Path.Combine(_host.Root, "take");
        await File.WriteAllTextAsync(script, $"#!/bin/sh\nprintf '%s\\n' \"$1\" >> {taken}\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var hooks = Path.Combine(_host.Root, "hooks.json");
        await File.WriteAllTextAsync(hooks, $$$"""
            [{"id":"opcollector","execute-command":"{{{script}}}","pass-arguments-to-command":[{"source":"entire-payload"}],
              "trigger-rule":{"match":{"type":"payload-hmac-sha256","secret":"s3cret-of-the-hook","parameter":{"source":"header","name":"X-Hub-Signature-256"} } } }]
            """);
        using var webhook = await Daemon.StartAsync(
            Webhook, ["-hooks", hooks, "-ip", "127.0.0.1", "-port", $"{_port}"], () => Daemon.Listens(_port));
        var sink = _host.Configuration["sink"]!;
        sink["url"] = $"http://127.0.0.1:{_port}/hooks/opcollector";
        sink["format"] = "single";
        sink["auth"] = JsonNode.Parse("""{"hmac":{"header":"X-Hub-Signature-256","prefix":"sha256=","secret":{"env":"SECRET"} } }""");
        _host.Environment["SECRET"] = secret;
        _host.Configuration["maxRunTime"] = exitCode == 0 ? Sandbox.EnoughTime : "5s";
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(exitCode, run.Stderr);
        if (exitCode == 0)
        {
            await Until.IsAsync(() => Lines(taken).Length == log.Length, "the hook has run for each event");
            Lines(taken).Select(Sandbox.Eid).Should().BeEquivalentTo(log);
        }
        else
        {
            File.Exists(taken).Should().BeFalse();
        }
    }

    [Fact]
    public async Task The_library_of_Standard_Webhooks_verifies_our_signature()
    {
        const string Old = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        const string New = "whsec_c2Vjb25kLXNlY3JldC1vZi0yNC1ieXRlcw==";
        var library = await NpmPackage.FetchAsync("standardwebhooks@1.1.1");
        _host.Configuration["sink"]!["auth"] = JsonNode.Parse("""{"standardWebhooks":[{"env":"OLD"},{"env":"NEW"}]}""");
        (_host.Environment["OLD"], _host.Environment["NEW"]) = (Old, New);
        _host.Account.Append("""{"eid":7,"name":"Zoë 🦉","a":"\u00e9\/"}""");

        await _host.CollectAsync();

        var request = _receiver.Requests.Single();
        var headers = new JsonObject();
        foreach (var name in new[] { "webhook-id", "webhook-timestamp", "webhook-signature" })
        {
            headers[name] = request.Header(name);
        }

        (await VerifyAsync(library, Old, request.Body, headers)).Should().Be("verified");
        (await VerifyAsync(library, New, request.Body, headers)).Should().Be("verified");
        (await VerifyAsync(library, New, request.Body + " ", headers)).Should().Contain("No matching signature");
        (await VerifyAsync(library, "whsec_dGhpcmQtc2VjcmV0LW9mLTI0LWJ5dGVzIQ==", request.Body, headers))
            .Should().Contain("No matching signature");
    }

    [Fact]
    public async Task An_rsyslog_that_reads_the_file_has_every_event_over_a_rotation_too()
    {
        var directory = Directory.CreateDirectory(Path.Combine(_host.Root, "out"));
        _host.Configuration["sink"] = new JsonObject { ["type"] = "file", ["path"] = _host.Output };
        var read = Path.Combine(_host.Root, "read.ndjson");
        var configuration = Path.Combine(_host.Root, "rsyslog.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            global(workDirectory="{{_host.Temporary}}" maxMessageSize="1m")
            module(load="imfile" mode="inotify")
            template(name="line" type="string" string="%msg%\n")
            input(type="imfile" File="{{directory.FullName}}/events.ndjson" Tag="opcollector" reopenOnTruncate="on")
            if $syslogtag == "opcollector" then action(type="omfile" file="{{read}}" template="line")
            """);
        var log = _host.Account.Log(120);
        await _host.CollectAsync();
        using var rsyslog = await Daemon.StartAsync(
            Rsyslog, ["-n", "-f", configuration, "-i", Path.Combine(_host.Root, "rsyslog.pid")], () => Lines(read).Length == log.Length);

        File.Move(_host.Output, Path.Combine(directory.FullName, "events-1.ndjson"));
        var more = _host.Account.Log(130, first: 9000);
        await _host.CollectAsync();

        await Until.IsAsync(() => Lines(read).Length >= log.Length + more.Length, "rsyslog has read every line");
        Lines(read).Select(Sandbox.Eid).Should().Equal([.. log, .. more]);
    }

    static string[] Lines(string path) => File.Exists(path) ? File.ReadAllLines(path) : [];

    static string Tls(Certificates authority)
    {
        var (certificate, key) = authority.Sign("localhost");
        return $"ssl_certificate {certificate}; ssl_certificate_key {key}; ssl_client_certificate {authority.Authority}; ssl_verify_client on;";
    }

    async Task<Daemon> NginxAsync(string settings, string? behind = null)
    {
        var isTls = settings.Contains("ssl_", StringComparison.Ordinal);
        var configuration = Path.Combine(_host.Root, "nginx.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            user root; daemon off; worker_processes 1; pid {{_host.Root}}/nginx.pid; error_log {{_host.Root}}/nginx.log;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path {{_host.Temporary}}/body; proxy_temp_path {{_host.Temporary}}/proxy;
              fastcgi_temp_path {{_host.Temporary}}/f; uwsgi_temp_path {{_host.Temporary}}/u; scgi_temp_path {{_host.Temporary}}/s;
              limit_req_zone $server_port zone=few:1m rate=1r/s;
              server { listen 127.0.0.1:{{_port}}{{(isTls ? " ssl" : "")}}; {{settings}} location / { proxy_pass {{new Uri(behind ?? _receiver.Url).GetLeftPart(UriPartial.Authority)}}; proxy_http_version 1.1; } }
            }
            """);
        _host.Configuration["sink"]!["url"] = $"{(isTls ? "https://localhost" : "http://127.0.0.1")}:{_port}/hook";
        return await Daemon.StartAsync(Nginx, ["-c", configuration, "-e", $"{_host.Root}/nginx-start.log"], () => Daemon.Listens(_port));
    }

    static async Task<string> VerifyAsync(string library, string secret, string body, JsonObject headers)
    {
        const string Script = """
            const { Webhook } = require('standardwebhooks');
            const [secret, body, headers] = process.argv.slice(1);
            try { new Webhook(secret).verify(body, JSON.parse(headers)); console.log('verified'); } catch (error) { console.log(error.message); }
            """;
        using var node = Process.Start(
            new ProcessStartInfo(
                "node", ["-e", Script, secret, body, headers.ToJsonString(new JsonSerializerOptions { WriteIndented = false })])
            {
                WorkingDirectory = library,
                RedirectStandardOutput = true,
            })!;
        return (await node.StandardOutput.ReadToEndAsync()).Trim();
    }
}
