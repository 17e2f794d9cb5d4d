using System.Globalization;
using OpCollector.Cli.Hosting;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Delivery.Webhook;
using OpCollector.Sources;
using OpCollector.Sources.Op;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>Every member of the configuration, right and wrong; a complaint begins with the line and the path of the member.</summary>
public sealed class SettingsSpecs : IDisposable
{
    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Fact]
    public void Every_member_is_read()
    {
        var settings = _written.Load();

        settings.Should().BeEquivalentTo(
            new { MaxRunTime = TimeSpan.FromMinutes(4), State = new { Directory = Path.Combine(_written.Root, "state") } });
        settings.Source.Should().BeEquivalentTo(new { Path = "op", Account = "acme", Timeout = TimeSpan.FromSeconds(60) });
        settings.Start.Ago.Should().Be(TimeSpan.FromHours(24));
        settings.Sink.Should().BeOfType<WebhookSinkSettings>();
        settings.Sink.Webhook().Url.Reveal().Should().Be(new Uri("https://siem.example/hook"));
        settings.Sink.Webhook().Timeout.Should().Be(TimeSpan.FromSeconds(30));
        settings.Sink.Webhook().Headers.Select(header => $"{header.Name}: {header.Value.Reveal()}").Should().Equal("X-Source: 1password");
    }

    [Fact]
    public void What_may_be_left_out_has_the_documented_value()
    {
        var settings = _written.LoadText("""
            {"source":{"type":"op","op":{"account":"acme","password":{"env":"P"}}},"sink":{"type":"webhook","url":"https://siem.example/"}}
            """);

        settings.Source.Should().BeEquivalentTo(new { Path = "op", TotpSecret = (Secret?)null, Timeout = TimeSpan.FromSeconds(60) });
        settings.Start.Ago.Should().Be(TimeSpan.FromHours(24));
        settings.Should().BeEquivalentTo(new { MaxRunTime = TimeSpan.FromMinutes(4), State = new { Directory = (string?)null } });
        settings.Sink.Webhook().Should().BeEquivalentTo(new { Auth = (AuthSettings?)null, Timeout = TimeSpan.FromSeconds(30) });
        settings.Sink.Webhook().Headers.Should().BeEmpty();
    }

    [Theory]
    [InlineData(12, """ "start": "24h", "strat": "1h", """, "12: strat: ", "unknown|source|start|maxRunTime|state|sink")]
    [InlineData(12, """ "enrichmnet": {}, """, "12: enrichmnet: ", "unknown")]
    [InlineData(3, """ "type": "op", "typ": "op", """, "3: source.typ: ", "unknown setting; did you mean type? (source knows type, op)")]
    [InlineData(9, """ "timout": "60s" """, "9: source.op.timout: ", "unknown|path, account, password, totpSecret, timeout")]
    [InlineData(7, """ "password": { "env": "P", "trim": true }, """, "7: source.op.password.trim: ", "unknown|env")]
    [InlineData(14, """ "state": { "directory": "state", "dir": "x" }, """, "14: state.dir: ", "unknown setting; state knows directory")]
    [InlineData(14, """ "state": { "Directory": "state" }, """, "14: state.Directory: ", "unknown|directory")]
    [InlineData(21, """ "timeuot": "30s", """, "21: sink.timeuot: ", "unknown|type|url|format|auth|headers|timeout|allowInsecureHttp")]
    [InlineData(19, """ "auth": { "bearer": { "env": "T" }, "realm": "x" }, """, "19: sink.auth.realm: ", "unknown|bearer")]
    [InlineData(
        19,
        """ "auth": { "basic": { "user": "u", "password": { "env": "P" }, "realm": "x" } }, """,
        "19: sink.auth.basic.realm: ",
        "unknown|user, password")]
    [InlineData(
        19,
        """ "auth": { "header": { "name": "X-Key", "value": { "env": "K" }, "suffix": "x" } }, """,
        "19: sink.auth.header.suffix: ",
        "unknown|name, value, prefix")]
    public void An_unknown_member_is_refused_with_its_place_and_what_is_known_there(int line, string instead, string place, string words)
    {
        var complaint = _written.Line(line, instead).Complaint();

        complaint.Should().StartWith(place).And.ContainAll(words.Split('|'));
    }

    [Theory]
    [InlineData(14, """ "state": { "directory": "a\u0000b" }, """, "14: state.directory: ")]
    [InlineData(7, """ "password": { "file": "\u0000" }, """, "7: source.op.password.file: ")]
    [InlineData(5, """ "path": "bin/\u0000op", """, "5: source.op.path: ")]
    [InlineData(13, """ "maxRunTime": "4m", "metrics": { "file": "\u0000" }, """, "13: metrics.file: ")]
    [InlineData(7, """ "password": { "credential": "\u0000" }, """, "7: source.op.password.credential: ")]
    public void A_path_that_no_file_can_have_is_refused(int line, string instead, string place) =>
        _written.Line(line, instead).Complaint().Should().StartWith(place);

    [Fact]
    public void A_path_that_is_longer_than_any_is_refused() =>
        _written.Line(14, $$""" "state": { "directory": "{{new string('x', 5000)}}" }, """).Complaint()
            .Should().StartWith("14: state.directory: ").And.Contain("4096");

    [Theory]
    [InlineData(2, """ "sorce": { """, "1: ", "\"source\" is missing")]
    [InlineData(3, "", "2: source: ", "\"type\" is missing")]
    [InlineData(4, """ "ops": { """, "2: source: ", "\"op\" is missing")]
    [InlineData(6, """ "acount": "acme", """, "4: source.op: ", "\"account\" is missing")]
    [InlineData(7, "", "4: source.op: ", "\"password\" is missing")]
    [InlineData(15, """ "sinks": { """, "1: ", "\"sink\" is missing")]
    [InlineData(16, "", "15: sink: ", "\"type\" is missing")]
    [InlineData(17, "", "15: sink: ", "\"url\" is missing")]
    [InlineData(16, """ "type": "file", """, "15: sink: ", "\"path\" is missing")]
    [InlineData(19, """ "auth": { "basic": { "password": { "env": "P" } } }, """, "19: sink.auth.basic: ", "\"user\" is missing")]
    [InlineData(19, """ "auth": { "basic": { "user": "u" } }, """, "19: sink.auth.basic: ", "\"password\" is missing")]
    [InlineData(19, """ "auth": { "header": { "value": { "env": "K" } } }, """, "19: sink.auth.header: ", "\"name\" is missing")]
    [InlineData(19, """ "auth": { "header": { "name": "X-Key" } }, """, "19: sink.auth.header: ", "\"value\" is missing")]
    public void A_missing_member_is_named_at_the_object_that_lacks_it(int line, string instead, string place, string words)
    {
        var complaint = _written.Line(line, instead).Complaint();

        complaint.Should().StartWith(place).And.Contain(words);
    }

    [Theory]
    [InlineData(2, """ "source": "op", "x": { """, "2: source: ", "object")]
    [InlineData(2, """ "source": null, "x": { """, "2: source: ", "object")]
    [InlineData(3, """ "type": true, """, "3: source.type: ", "text")]
    [InlineData(3, """ "type": "ops", """, "3: source.type: ", "\"ops\" is unknown|\"op\"")]
    [InlineData(4, """ "op": [], "x": { """, "4: source.op: ", "object")]
    [InlineData(5, """ "path": 1, """, "5: source.op.path: ", "text")]
    [InlineData(6, """ "account": 7, """, "6: source.op.account: ", "text")]
    [InlineData(7, """ "password": 7, """, "7: source.op.password: ", "object")]
    [InlineData(7, """ "password": null, """, "7: source.op.password: ", "object")]
    [InlineData(7, """ "password": {}, """, "7: source.op.password: ", "\"env\"|\"file\"|\"credential\"")]
    [InlineData(7, """ "password": { "env": 7 }, """, "7: source.op.password.env: ", "text")]
    [InlineData(7, """ "password": { "file": [] }, """, "7: source.op.password.file: ", "text")]
    [InlineData(7, """ "password": { "env": "P", "file": "p" }, """, "7: source.op.password: ", "exactly one of env, file, credential")]
    [InlineData(9, """ "timeout": 60 """, "9: source.op.timeout: ", "text")]
    [InlineData(12, """ "start": -5, """, "12: start: ", "text")]
    [InlineData(12, """ "start": 1.5, """, "12: start: ", "text")]
    [InlineData(12, """ "start": 1e3, """, "12: start: ", "text")]
    [InlineData(12, """ "start": null, """, "12: start: ", "text")]
    [InlineData(13, """ "maxRunTime": { "s": 5 }, """, "13: maxRunTime: ", "text")]
    [InlineData(14, """ "state": "state", """, "14: state: ", "object")]
    [InlineData(14, """ "state": { "directory": false }, """, "14: state.directory: ", "text")]
    [InlineData(15, """ "sink": [], "x": { """, "15: sink: ", "object")]
    [InlineData(16, """ "type": "syslog", """, "16: sink.type: ", "\"syslog\" is unknown; it is one of \"webhook\"")]
    [InlineData(17, """ "url": 5, """, "17: sink.url: ", "object")]
    [InlineData(18, """ "format": "xml", """, "18: sink.format: ", "\"xml\" is unknown|\"json\"")]
    [InlineData(19, """ "auth": "Bearer x", """, "19: sink.auth: ", "object")]
    [InlineData(19, """ "auth": {}, """, "19: sink.auth: ", "\"bearer\"|\"basic\"|\"header\"")]
    [InlineData(19, """ "auth": { "baerer": { "env": "T" } }, """, "19: sink.auth: ", "\"bearer\"|\"basic\"|\"header\"")]
    [InlineData(
        19,
        """ "auth": { "bearer": { "env": "T" }, "basic": { "user": "u", "password": { "env": "P" } } }, """,
        "19: sink.auth: ",
        "has 2 methods (bearer, basic); keep one")]
    [InlineData(19, """ "auth": { "basic": { "user": "u:v", "password": { "env": "P" } } }, """, "19: sink.auth.basic.user: ", "colon")]
    [InlineData(19, """ "auth": { "header": { "name": "X Key", "value": { "env": "K" } } }, """, "19: sink.auth.header.name: ", "header")]
    [InlineData(20, """ "headers": [], """, "20: sink.headers: ", "object")]
    [InlineData(20, """ "headers": { "X-Source": 5 }, """, "20: sink.headers.X-Source: ", "object")]
    [InlineData(20, """ "headers": { "X-Source": null }, """, "20: sink.headers.X-Source: ", "object")]
    [InlineData(22, """ "allowInsecureHttp": "true" """, "22: sink.allowInsecureHttp: ", "true or false")]
    public void A_value_of_the_wrong_kind_is_refused_with_what_it_must_be(int line, string instead, string place, string words)
    {
        var complaint = _written.Line(line, instead).Complaint();

        complaint.Should().StartWith(place).And.ContainAll(words.Split('|'));
    }

    [Theory]
    [InlineData(12, """ "start": "24h", "start": "1h", """, "12: start: ")]
    [InlineData(12, """ "start": "24h", "st\u0061rt": "1h", """, "12: start: ")]
    [InlineData(13, """ "maxRunTime": "4m", "start": "1h", """, "13: start: ")]
    [InlineData(7, """ "password": { "env": "A", "env": "B" }, """, "7: source.op.password.env: ")]
    [InlineData(20, """ "headers": { "X-Source": "a", "X-Source": "b" }, """, "20: sink.headers.X-Source: ")]
    public void A_doubled_member_is_refused_where_it_stands_again(int line, string instead, string place)
    {
        var complaint = _written.Line(line, instead).Complaint();

        complaint.Should().StartWith(place).And.Contain("second time");
    }

    [Theory]
    [InlineData(5, """ "path": "", """, "5: source.op.path: ")]
    [InlineData(6, """ "account": "", """, "6: source.op.account: ")]
    [InlineData(7, """ "password": { "env": "" }, """, "7: source.op.password.env: ")]
    [InlineData(7, """ "password": { "file": "" }, """, "7: source.op.password.file: ")]
    [InlineData(7, """ "password": { "credential": "" }, """, "7: source.op.password.credential: ")]
    [InlineData(12, """ "start": "", """, "12: start: ")]
    [InlineData(13, """ "maxRunTime": "", """, "13: maxRunTime: ")]
    [InlineData(14, """ "state": { "directory": "" }, """, "14: state.directory: ")]
    [InlineData(17, """ "url": "", """, "17: sink.url: ")]
    [InlineData(19, """ "auth": { "basic": { "user": "", "password": { "env": "P" } } }, """, "19: sink.auth.basic.user: ")]
    [InlineData(20, """ "headers": { "X-Source": "" }, """, "20: sink.headers.X-Source: ")]
    public void An_empty_text_is_no_value(int line, string instead, string place)
    {
        var complaint = _written.Line(line, instead).Complaint();

        complaint.Should().StartWith(place).And.Contain("empty");
    }

    [Theory]
    [InlineData("0s")]
    [InlineData("-1")]
    [InlineData("-1s")]
    [InlineData("+5m")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("1w")]
    [InlineData("4M")]
    [InlineData("1.5h")]
    [InlineData("1 h")]
    [InlineData("1h30m")]
    [InlineData("４m")]
    [InlineData("99999s9")]
    public void What_is_no_duration_is_refused_in_every_place_that_takes_one(string text) =>
        ShouldBeRefusedEverywhere(text, $"is not {DurationText.Form}");

    [Theory]
    [InlineData("4000d")]
    [InlineData("99999999d")]
    [InlineData("2147483647h")]
    [InlineData("99999999999999999999s")]
    public void A_duration_of_more_than_ten_years_is_called_too_long(string text) =>
        ShouldBeRefusedEverywhere(text, "is longer than ten years");

    static void ShouldBeRefusedEverywhere(string text, string words)
    {
        string[] complaints =
        [
            ComplaintAt(9, $"\"timeout\": \"{text}\""),
            ComplaintAt(13, $"\"maxRunTime\": \"{text}\","),
            ComplaintAt(21, $"\"timeout\": \"{text}\","),
        ];

        complaints.Should().Equal(
            $"9: source.op.timeout: \"{text}\" {words}",
            $"13: maxRunTime: \"{text}\" {words}",
            $"21: sink.timeout: \"{text}\" {words}");
    }

    [Theory]
    [InlineData("1s", "00:00:01")]
    [InlineData("90s", "00:01:30")]
    [InlineData("015m", "00:15:00")]
    [InlineData("24h", "1.00:00:00")]
    [InlineData("7d", "7.00:00:00")]
    public void A_duration_is_a_number_and_a_unit(string text, string expected)
    {
        var settings = _written.Line(13, $"\"maxRunTime\": \"{text}\",").Load();

        settings.MaxRunTime.Should().Be(TimeSpan.Parse(expected, CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("latest", false, null, null)]
    [InlineData("oldest", true, null, null)]
    [InlineData("90d", false, 90, null)]
    [InlineData("0", false, null, 0L)]
    [InlineData("3196428792", false, null, 3196428792L)]
    public void The_start_is_a_word_a_duration_or_an_event_id(string text, bool oldest, int? days, long? eid)
    {
        var settings = _written.Line(12, $"\"start\": \"{text}\",").Load();

        settings.Start.Should().Be(new StartingPoint(text, oldest, days is { } number ? TimeSpan.FromDays(number) : null, eid));
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("3190218367", 3190218367L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void An_event_id_may_be_written_as_the_number_that_it_is(string number, long eid) =>
        _written.Line(12, $"\"start\": {number},").Load().Start.Should().Be(new StartingPoint(number, Eid: eid));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("Latest")]
    [InlineData("latest ")]
    [InlineData("-5")]
    [InlineData("0s")]
    [InlineData("1w")]
    [InlineData("1e3")]
    [InlineData("99999999d")]
    [InlineData("99999999999999999999")]
    public void What_is_no_start_is_refused_with_what_one_is(string text)
    {
        var complaint = _written.Line(12, $"\"start\": \"{text}\",").Complaint();

        complaint.Should().StartWith("12: start: ").And.ContainAll($"\"{text}\"", "latest", "oldest", "event id", "24h");
    }

    [Theory]
    [InlineData("acme.1password.com")]
    [InlineData("https://acme.1password.com")]
    [InlineData("-acme")]
    [InlineData("--help")]
    [InlineData("ac me")]
    [InlineData("a=b")]
    [InlineData("../acme")]
    [InlineData("åcme")]
    [InlineData("acme\\n")]
    public void An_account_that_is_no_shorthand_is_refused(string account)
    {
        var complaint = _written.Line(6, $"\"account\": \"{account}\",").Complaint();

        complaint.Should().StartWith("6: source.op.account: ").And.ContainAll("shorthand", "letters");
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("my_team")]
    [InlineData("My-Team-2")]
    public void An_account_is_a_shorthand(string account)
    {
        var settings = _written.Line(6, $"\"account\": \"{account}\",").Load();

        ((OpSettings)settings.Source).Account.Should().Be(account);
    }

    [Theory]
    [InlineData("op", "op")]
    [InlineData("op1", "op1")]
    [InlineData("./op", "<root>/op")]
    [InlineData("bin/op", "<root>/bin/op")]
    [InlineData("../op", "<parent>/op")]
    [InlineData("/usr/local/bin/op", "/usr/local/bin/op")]
    public void The_path_of_op_is_relative_to_the_file_unless_it_has_no_slash(string path, string expected)
    {
        var settings = _written.Line(5, $"\"path\": \"{path}\",").Load();

        ((OpSettings)settings.Source).Path.Should().Be(expected
            .Replace("<root>", _written.Root, StringComparison.Ordinal)
            .Replace("<parent>", Path.GetDirectoryName(_written.Root), StringComparison.Ordinal));
    }

    [Fact]
    public void Relative_paths_are_relative_to_the_file()
    {
        var settings = _written.LoadText("""
            {
              "source": { "type": "op", "op": { "account": "acme", "password": { "file": "secrets/password" } } },
              "state": { "directory": "../state" },
              "sink": { "type": "file", "path": "out/events.ndjson" }
            }
            """);
        _written.Put("secrets/password", "correct horse");

        settings.State.Directory.Should().Be(Path.Combine(Path.GetDirectoryName(_written.Root)!, "state"));
        settings.Sink.Should().Be(new FileSinkSettings(Path.Combine(_written.Root, "out/events.ndjson")));
        ((OpSettings)settings.Source).Password.Reveal().Should().Be("correct horse");
    }

    [Theory]
    [InlineData("file", """ "path": "/var/log/events.ndjson", "url": "https://siem.example/" """, "url")]
    [InlineData("file", """ "path": "/var/log/events.ndjson", "format": "json" """, "format")]
    [InlineData("stdout", """ "path": "/var/log/events.ndjson" """, "path")]
    public void A_member_of_another_kind_of_sink_is_refused(string type, string members, string refused)
    {
        var complaint = _written.ComplaintOf(() => _written.LoadText($$"""
            {
              "source": { "type": "op", "op": { "account": "acme", "password": { "env": "P" } } },
              "sink": { "type": "{{type}}", {{members}} }
            }
            """));

        complaint.Should().StartWith($"3: sink.{refused}: ").And.Contain("unknown");
    }

    static string ComplaintAt(int line, string instead)
    {
        using var written = new TestConfiguration();
        return written.Line(line, instead).Complaint();
    }
}
