namespace OpCollector.Tests;

/// <summary>
/// The samples for syslog, run by Debian's rsyslog and syslog-ng: what the file sink writes reaches another rsyslog as RFC 5424, over TLS
/// with certificates on both sides, and over RELP.
/// </summary>
public sealed class SyslogSpecs : IDisposable
{
    const string Rsyslog = "/usr/sbin/rsyslogd";

    readonly Sandbox _host = new();
    readonly Certificates _authority;
    readonly int _tls = Daemon.FreePort();
    readonly int _relp = Daemon.FreePort();

    public SyslogSpecs()
    {
        _authority = new Certificates(Path.Combine(_host.Root, "pki"));
        _authority.Sign("localhost");
        _authority.Sign("collector");
        Directory.CreateDirectory(Work("received"));
        Directory.CreateDirectory(Work("sent"));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("rsyslog/opcollector-tls.conf")]
    [InlineData("rsyslog/opcollector-relp.conf")]
    [InlineData("syslog-ng/opcollector.conf")]
    public async Task A_sample_hands_over_every_line_whole(string sample)
    {
        using var receiver = await ReceiveAsync();
        using var sender = await SendAsync(sample);
        var log = _host.Account.Log(120);
        _host.Account.Append($$"""{"eid":9000,"time":"2026-09-22T07:38:03Z","name":"Zoë 🦉","long":"{{new string('x', 100_000)}}"}""");

        (await _host.CollectAsync()).ExitCode.Should().Be(0);

        await Until.IsAsync(() => Received.Length > log.Length, "the receiver has every line");
        var lines = await File.ReadAllLinesAsync(_host.Output);
        Received.Should().OnlyContain(line => line.StartsWith("<134>1 20", StringComparison.Ordinal));
        Received.Select(EventOf).Should().Equal(lines);
        Received.Should().OnlyContain(line => line.Split(' ', 8)[3] == "opcollector");
    }

    // As logrotate does it: the file is renamed, whether or not its last lines have been read.
    [Theory]
    [InlineData("rsyslog/opcollector-tls.conf")]
    [InlineData("rsyslog/opcollector-relp.conf")]
    [InlineData("syslog-ng/opcollector.conf")]
    public async Task A_rotation_loses_no_line(string sample)
    {
        using var receiver = await ReceiveAsync();
        using var sender = await SendAsync(sample);
        var log = _host.Account.Log(30);
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        await Until.IsAsync(() => Eids.Length == log.Length, "the receiver has the lines before the rotation");

        var last = _host.Account.Log(30, first: 9000);
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        File.Move(_host.Output, $"{_host.Output}-20261130");
        var after = _host.Account.Log(30, first: 20_000);
        (await _host.CollectAsync()).ExitCode.Should().Be(0);

        await Until.IsAsync(() => Eids.Distinct().Count() == log.Length + last.Length + after.Length, "the receiver has the rest");
        Eids.Distinct().Should().BeEquivalentTo([.. log, .. last, .. after]);
    }

    // With RELP alone, what was on its way when the connection broke is sent again, together with what comes next.
    [Theory]
    [InlineData("rsyslog/opcollector-relp.conf")]
    public async Task A_receiver_that_was_away_gets_everything_when_it_is_back(string sample)
    {
        using var sender = await SendAsync(sample);
        var log = _host.Account.Log(30);
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        using (await ReceiveAsync())
        {
            await Until.IsAsync(() => Eids.Distinct().Count() == log.Length, "the receiver has what came while it was away");
        }

        var more = _host.Account.Log(30, first: 9000);
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        using var again = await ReceiveAsync();
        var last = _host.Account.Log(3, first: 20_000);
        (await _host.CollectAsync()).ExitCode.Should().Be(0);

        long[] all = [.. log, .. more, .. last];
        await Until.IsAsync(() => Eids.Distinct().Count() == all.Length, "the receiver has the rest");
        Eids.Distinct().Should().BeEquivalentTo(all);
    }

    // The last line may be half written.
    string[] Received => File.Exists(Work("received/lines")) && File.ReadAllText(Work("received/lines")) is var text
        ? text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
        : [];

    long[] Eids => [.. Received.Select(EventOf).Select(Sandbox.Eid)];

    string Work(string name) => Path.Combine(_host.Root, name);

    string Pki(string name) => Path.Combine(_host.Root, "pki", name);

    async Task<Daemon> ReceiveAsync()
    {
        SkipWithoutModule("lmnsd_ossl.so");
        SkipWithoutModule("imrelp.so");
        var configuration = Work("receiver.conf");
        await File.WriteAllTextAsync(configuration, $$"""
            global(workDirectory="{{Work("received")}}" maxMessageSize="1m")
            module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="x509/name" permittedPeer=["collector"])
            module(load="imrelp" tls.tlslib="openssl")
            template(name="raw" type="string" string="%rawmsg%\n")
            input(type="imtcp" address="127.0.0.1" port="{{_tls}}" streamDriver.caFile="{{_authority.Authority}}"
              streamDriver.certFile="{{Pki("localhost.pem")}}" streamDriver.keyFile="{{Pki("localhost.key")}}")
            input(type="imrelp" address="127.0.0.1" port="{{_relp}}" maxDataSize="1m" tls="on" tls.caCert="{{_authority.Authority}}"
              tls.myCert="{{Pki("localhost.pem")}}" tls.myPrivKey="{{Pki("localhost.key")}}" tls.authMode="name" tls.permittedPeer=["collector"])
            action(type="omfile" file="{{Work("received/lines")}}" template="raw")
            """);
        return await Daemon.StartAsync(
            Rsyslog, ["-n", "-f", configuration, "-i", Work("receiver.pid")], () => Daemon.Listens(_tls) && Daemon.Listens(_relp));
    }

    async Task<Daemon> SendAsync(string sample)
    {
        var text = (await File.ReadAllTextAsync(ShippedFiles.Sample(sample)))
            .Replace("siem.acme.example", "localhost", StringComparison.Ordinal)
            .Replace("/etc/opcollector/tls/", $"{Work("pki")}/", StringComparison.Ordinal)
            .Replace("/var/log/opcollector", Path.GetDirectoryName(_host.Output), StringComparison.Ordinal)
            .Replace("port=\"6514\"", $"port=\"{_tls}\"", StringComparison.Ordinal)
            .Replace("port(6514)", $"port({_tls})", StringComparison.Ordinal)
            .Replace("port=\"2514\"", $"port=\"{_relp}\"", StringComparison.Ordinal)
            .Replace("global(", $"global(workDirectory=\"{Work("sent")}\" ", StringComparison.Ordinal)
            .Replace("disk-buffer(", $"disk-buffer(dir(\"{Work("sent")}\") ", StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(_host.Output)!);
        var configuration = Work("sender.conf");
        if (sample.StartsWith("rsyslog", StringComparison.Ordinal))
        {
            SkipWithoutModule("omrelp.so");
            await File.WriteAllTextAsync(configuration, text);
            return await Daemon.StartAsync(
                Rsyslog, ["-n", "-f", configuration, "-i", Work("sender.pid")], () => File.Exists(Work("sender.pid")));
        }

        // It cannot be installed beside rsyslog, so it is only unpacked.
        var unpacked = ShippedFiles.Source("artifacts/syslog-ng/usr");
        await File.WriteAllTextAsync(configuration, $"@version: 3.38\n{text}");
        Daemon.SkipWithout($"{unpacked}/sbin/syslog-ng");
        return await Daemon.StartAsync(
            "/usr/bin/env",
            [
                $"LD_LIBRARY_PATH={unpacked}/lib/syslog-ng", $"{unpacked}/sbin/syslog-ng", "-F", "-f", configuration,
                $"--module-path={unpacked}/lib/syslog-ng/3.38", $"--persist-file={Work("sent/persist")}",
                $"--pidfile={Work("sender.pid")}", $"--control={Work("sent/control")}", "--no-caps",
            ],
            () => File.Exists(Work("sender.pid")));
    }

    static string EventOf(string line) => line[line.IndexOf('{', StringComparison.Ordinal)..];

    static void SkipWithoutModule(string module) => Assert.SkipUnless(
        Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*")
            .Any(each => File.Exists(Path.Combine(each, "rsyslog", module))),
        $"rsyslog's {module} is not installed");
}
