using System.Diagnostics;
using System.Text.Json.Nodes;
using OpCollector.Sources;
using SiemEmulator;
using SiemEmulator.Receivers;
using SiemEmulator.Tls;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// Delivery over HTTP: what is sent, and what comes of each way in which a receiver can misbehave. Nothing is ever skipped.
/// </summary>
public sealed class WebhookSpecs : IDisposable
{
    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();

    public WebhookSpecs() => _host.To(_receiver);

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Fact]
    public async Task A_request_is_a_JSON_array_of_the_bytes_of_the_events()
    {
        string[] events = ["""{"z":1e5,"eid":1001,"a":"\u00e9\/","a":1.50}""", Account.Event(1002), """{"eid":1003,"name":"Zoë 🦉"}"""];
        _host.Account.Append(events);

        await _host.CollectAsync();

        Explanations.Remove(_receiver.Requests.Single().Body).Should().Be($"[{string.Join(',', events)}]");
    }

    [Fact]
    public async Task A_request_says_what_it_is_and_who_sends_it()
    {
        _host.Account.Log(3);

        await _host.CollectAsync();

        var request = _receiver.Requests.Single();
        request.Head.Should().StartWith("POST /hook HTTP/1.1\r\n");
        request.Header("Content-Type").Should().Be("application/json");
        request.Header("User-Agent").Should().MatchRegex(@"^OpCollector/\d+\.\d+\.\d+$");
        request.Header("Idempotency-Key").Should().MatchRegex("^[0-9a-f]{32}$");
    }

    [Fact]
    public async Task Every_attempt_is_the_same_request()
    {
        _receiver.Then(Answer.Of(503), Answer.Of(503));
        _host.Account.Log(3);

        await _host.CollectAsync();

        _receiver.Requests.Should().HaveCount(3);
        _receiver.Requests.Select(request => request.Head + request.Body).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task Each_batch_has_a_key_of_its_own()
    {
        _host.Account.Log(250);

        await _host.CollectAsync();

        _receiver.Requests.Select(request => request.Header("Idempotency-Key")).Should().HaveCount(3).And.OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("""{"bearer":{"env":"SECRET"}}""", "Authorization", "Bearer s3cret-token")]
    [InlineData("""{"basic":{"user":"siem","password":{"env":"SECRET"}}}""", "Authorization", "Basic c2llbTpzM2NyZXQtdG9rZW4=")]
    [InlineData("""{"header":{"name":"X-Api-Key","value":{"env":"SECRET"}}}""", "X-Api-Key", "s3cret-token")]
    public async Task A_request_proves_who_sends_it(string auth, string header, string value)
    {
        _host.Account.Log(3);
        Sink("auth", auth).Environment["SECRET"] = "s3cret-token";

        var run = await _host.CollectAsync("--verbose");

        _receiver.Requests.Single().Header(header).Should().Be(value);
        run.Stderr.Should().NotContain("s3cret-token").And.NotContain("c2llbTpzM2NyZXQtdG9rZW4");
    }

    [Fact]
    public async Task Headers_of_the_configuration_are_sent_secret_or_not()
    {
        _host.Account.Log(3);
        Sink("headers", """{"X-Source":"1password","X-Key":{"env":"SECRET"},"User-Agent":"ours"}""").Environment["SECRET"] = "s3cret-token";

        await _host.CollectAsync();

        var request = _receiver.Requests.Single();
        request.Header("X-Source").Should().Be("1password");
        request.Header("X-Key").Should().Be("s3cret-token");
        request.Header("User-Agent").Should().Be("ours");
    }

    [Theory]
    [InlineData("Content-Type")]
    [InlineData("Content-Length")]
    [InlineData("Content-Encoding")]
    public async Task A_header_that_belongs_to_the_body_is_the_programs_own_business(string header)
    {
        _host.Account.Log(3);
        Sink("headers", $$"""{"{{header}}":"1"}""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain(header);
    }

    [Fact]
    public async Task A_secret_that_no_header_can_carry_is_a_wrong_configuration()
    {
        _host.Account.Log(3);
        Sink("auth", """{"bearer":{"env":"SECRET"}}""").Environment["SECRET"] = "“s3cret-token”";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        _receiver.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData(200, "{not json")]
    [InlineData(201, "")]
    [InlineData(202, "<accepted/>")]
    [InlineData(204, "")]
    public async Task A_success_is_a_success_whatever_its_body_says(int status, string body)
    {
        _receiver.Then(Answer.Of(status, body));
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal(log);
    }

    [Fact]
    public async Task A_long_answer_is_read_to_its_end_on_one_kept_connection()
    {
        _receiver.Then(Answer.Of(200, new string('x', 1_000_000)), Answer.Of(200, new string('x', 1_000_000)));
        var log = _host.Account.Log(250);

        await _host.CollectAsync();

        _receiver.Accepted.Should().Equal(log);
        _receiver.Connections.Should().Be(1);
    }

    [Theory]
    [InlineData(401, 77)]
    [InlineData(403, 77)]
    [InlineData(407, 77)]
    [InlineData(404, 78)]
    [InlineData(410, 78)]
    [InlineData(415, 78)]
    [InlineData(203, 78)]
    [InlineData(304, 78)]
    public async Task A_receiver_that_does_not_want_it_is_asked_once_and_a_mended_one_gets_everything(int status, int code)
    {
        _receiver.Then(Answer.Of(status, "no such hook"));
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(code);
        run.LastWords.Should().Contain($"{status}");
        _receiver.Requests.Should().ContainSingle();
        await EverythingIsDeliveredAsync(log);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_never_followed(int status)
    {
        using var elsewhere = new Receiver();
        _receiver.Then(Answer.Of(status, "", $"Location: {elsewhere.Url}"));
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("redirect");
        elsewhere.Connections.Should().Be(0);
        _receiver.Requests.Should().ContainSingle();
        await EverythingIsDeliveredAsync(log);
    }

    [Theory]
    [InlineData("<html>Sign in</html>", "text/html")]
    [InlineData("<!DOCTYPE html><html>Sign in</html>", "application/json")]
    [InlineData("\r\n<!-- gateway -->\r\n<!doctype HTML>Sign in", "text/plain")]
    [InlineData("<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", "")]
    public async Task A_login_page_is_no_receipt(string page, string contentType)
    {
        _receiver.Then(Answer.Of(200, page, contentType.Length == 0 ? [] : [$"Content-Type: {contentType}"]) with { Counts = false });
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("web page");
        _receiver.Requests.Should().ContainSingle();
        await EverythingIsDeliveredAsync(log);
    }

    [Theory]
    [InlineData(204, "")]
    [InlineData(200, "ok")]
    [InlineData(200, "")]
    [InlineData(202, "<ok/>")]
    public async Task A_receipt_may_say_that_it_is_a_web_page(int status, string body)
    {
        _receiver.Otherwise = Answer.Of(status, body, "Content-Type: text/html; charset=utf-8");
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Accepted.Should().Equal(log);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(425)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task A_receiver_in_trouble_is_asked_again(int status)
    {
        _receiver.Then(Answer.Of(status, "not now"));
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal(log);
        _receiver.Requests.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_throttled_webhook_is_retried_after_the_time_it_asks_for()
    {
        var clock = new Stopwatch();
        _receiver.Then(
            Answer.Of(429, "", "Retry-After: 2").After(ct => Task.Run(clock.Start, ct)),
            Answer.Of(200).After(ct => Task.Run(clock.Stop, ct)));
        var log = _host.Account.Log(3);

        await _host.CollectAsync();

        _receiver.Accepted.Should().Equal(log);
        clock.Elapsed.Should().BeGreaterThan(TimeSpan.FromSeconds(1.9));
    }

    [Theory]
    [InlineData("3600")]
    [InlineData("99999999999999999999999")]
    [InlineData("Fri, 31 Dec 2123 23:59:59 GMT")]
    public async Task A_receiver_that_wants_more_time_than_the_run_has_ends_it_at_once(string retryAfter)
    {
        _receiver.Then(Answer.Of(429, "", $"Retry-After: {retryAfter}"));
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.LastWords.Should().Contain("429");
        _receiver.Requests.Should().ContainSingle();
        await EverythingIsDeliveredAsync(log);
    }

    [Fact]
    public async Task A_receiver_that_stays_in_trouble_ends_the_run_with_what_is_delivered_safe()
    {
        _receiver.Then([Answer.Of(200), .. Enumerable.Repeat(Answer.Of(500, "out of memory"), 200)]);
        _host.Configuration["maxRunTime"] = "4s";
        var log = _host.Account.Log(250);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.LastWords.Should().Contain("500").And.Contain("out of memory").And.Contain("attempts");
        ((long)_host.Checkpoint["lastEventId"]!).Should().Be(log[49]);
        await EverythingIsDeliveredAsync(log);
    }

    [Fact]
    public async Task Nobody_at_the_other_end_is_held_up_and_not_lost()
    {
        _host.Configuration["maxRunTime"] = "4s";
        var log = _host.Account.Log(150);
        _host.Configuration["sink"]!["url"] = NobodyListens();

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(75);
        run.LastWords.Should().Contain("cannot be reached");
        using var another = new Receiver();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        (await _host.To(another).CollectAsync()).ExitCode.Should().Be(0);
        another.Accepted.Should().Equal(log);
    }

    [Theory]
    [InlineData("204 No Content\r\nContent-Encoding: br\r\n\r\n")]
    [InlineData("200 OK\r\nContent-Encoding: zstd\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n")]
    public async Task An_answer_without_a_body_is_packed_in_no_way(string answer)
    {
        _receiver.Then(Answer.Raw($"HTTP/1.1 {answer}"));
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _receiver.Requests.Should().ContainSingle();
    }

    public static TheoryData<string> BrokenAnswers => [.. Broken.Keys];

    static Dictionary<string, Answer> Broken => new()
    {
        ["closed without a word"] = Answer.Silence(counts: false),
        ["reset"] = Answer.Silence(counts: false) with { Resets = true },
        ["half a status line"] = Answer.Raw("HTTP/1.1 2"),
        ["half a head"] = Answer.Raw("HTTP/1.1 200 OK\r\nContent-Le"),
        ["half a body"] = Answer.Raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
        ["half a chunk"] = Answer.Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\nhalf"),
        ["no last chunk"] = Answer.Raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
        ["reset in the body"] = Answer.Raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf") with { Resets = true },
        ["two lengths"] = Answer.Raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\n{}"),
        ["not packed as it says"] = Answer.Raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"),
        ["two lengths in one line"] = Answer.Raw("HTTP/1.1 200 OK\r\nContent-Length: 2, 5\r\n\r\n{}"),
        ["two lengths of what is packed"] = Answer.Raw(
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n"),
        ["packed in a way that is not read"] = Answer.Raw("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello"),
        ["packed ten times"] = Answer.Raw(
            $"HTTP/1.1 200 OK\r\nContent-Encoding: {string.Join(", ", Enumerable.Repeat("gzip", 10))}\r\nContent-Length: 5\r\n\r\nhello"),
        ["another protocol"] = Answer.Raw("SSH-2.0-OpenSSH_9.6\r\n"),
        ["stalled before the head"] = Answer.Stalled(""),
        ["stalled in the head"] = Answer.Stalled("HTTP/1.1 200 OK\r\n"),
        ["stalled in the body"] = Answer.Stalled("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
    };

    [Theory]
    [MemberData(nameof(BrokenAnswers))]
    public async Task An_answer_that_breaks_off_is_no_receipt(string kind)
    {
        _receiver.Then(Broken[kind]);
        Sink("timeout", "\"1s\"");
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal(log);
        _receiver.Requests.Should().HaveCount(3);
    }

    [Fact]
    public async Task A_receiver_that_took_it_without_saying_so_gets_it_again_under_the_same_key()
    {
        _receiver.Then(Answer.Silence(counts: true));
        var log = _host.Account.Log(3);

        await _host.CollectAsync();

        _receiver.Accepted.Should().Equal([.. log, .. log]);
        _receiver.Requests.Select(request => request.Header("Idempotency-Key")).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_certificate_nobody_vouches_for_is_not_talked_to()
    {
        using var untrusted = new Siem(new ArrayOfObjects(), tls: TlsKind.SelfSigned);
        Sink("url", $"\"{untrusted.Url}\"");
        var log = _host.Account.Log(150);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.LastWords.Should().Contain("certificate").And.Contain("not trusted");
        (untrusted.Connections, untrusted.Requests.Count).Should().Be((1, 0));
        _host.To(_receiver);
        await EverythingIsDeliveredAsync(log);
    }

    [Fact]
    public async Task A_proxy_that_refuses_us_is_asked_once_and_its_password_is_told_to_nobody()
    {
        _receiver.Then(Answer.Of(407, "", "Proxy-Authenticate: Digest realm=\"x\""));
        Sink("url", "\"https://siem.invalid/hook\"").Environment["HTTPS_PROXY"] =
            _receiver.Url.Replace("://", "://siem:s3cret-word@", StringComparison.Ordinal);
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.Stderr.Should().NotContain("s3cret-word");
        run.ExitCode.Should().Be(77);
        _receiver.Requests.Should().ContainSingle();
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_receiver_that_repeats_a_secret_makes_nobody_print_or_keep_it(string format)
    {
        _receiver.Then(Answer.Of(403, """no access with tok"en-12345"""));
        _host.Account.Log(3);
        Sink("auth", """{"bearer":{"env":"SECRET"}}""").Environment["SECRET"] = """tok"en-12345""";

        var run = await _host.CollectAsync("--log-format", format);
        var status = await _host.RunAsync("status");

        string[] places = [run.Stderr, status.Stdout, _host.LastRun.ToJsonString()];
        places.Should().OnlyContain(text => !text.Contains("en-12345", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Cannot POST /hook/s3cret-path")]
    [InlineData("no route for /hook/s3cret-path?token=s3cret-query")]
    [InlineData("token=s3cret-query is unknown")]
    public async Task A_receiver_that_repeats_its_secret_address_makes_nobody_print_it(string answer)
    {
        _receiver.Then(Answer.Of(404, answer));
        _host.Account.Log(3);
        Sink("url", """{"env":"SINK_URL"}""").Environment["SINK_URL"] = $"{_receiver.Url}/s3cret-path?token=s3cret-query";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Stderr.Should().NotContain("s3cret");
    }

    // The proof after each failure: nothing was skipped, nothing came out of order.
    async Task EverythingIsDeliveredAsync(long[] log)
    {
        _receiver.ForgetScript();
        _host.Configuration["maxRunTime"] = Sandbox.EnoughTime;
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        _receiver.Accepted.Should().Equal(log);
    }

    static string NobodyListens()
    {
        using var gone = new Receiver();
        return gone.Url;
    }

    Sandbox Sink(string member, string json)
    {
        _host.Configuration["sink"]![member] = JsonNode.Parse(json);
        return _host;
    }
}
