using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Delivery;
using OpCollector.Delivery.Webhook;
using OpCollector.Events;
using Serilog.Core;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>
/// Tokens that have to be asked for: once, again before their end, and once after a receiver has refused one; and what is said where there
/// is none.
/// </summary>
public sealed class OAuth2Specs : IDisposable
{
    const string ClientSecret = "hush/client+secret=0123";

    readonly TestConfiguration _written = new();
    readonly Receiver _endpoint = new();
    readonly Receiver _receiver = new();
    readonly VirtualTime _time = new(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));

    public OAuth2Specs()
    {
        _written.Environment["SECRET"] = ClientSecret;
        _endpoint.Otherwise = Token("token-1", 3600);
    }

    public static TheoryData<int, string, int, string> Refusals => new()
    {
        { 401, """{"error":"invalid_client","error_description":"no such\nclient"}""", 77, "401 (invalid_client: no such client)" },
        { 400, """{"error":"invalid_grant"}""", 77, "answered 400 (invalid_grant)" },
        { 403, "nobody", 77, "answered 403 (nobody)" },
        { 400, """{"error":"invalid_scope"}""", 78, "answered 400 (invalid_scope)" },
        { 404, "", 78, "answered 404; check sink.auth.oauth2" },
        { 302, "", 78, "a secret is sent to no other address" },
        { 200, "<!doctype html><html>Sign in</html>", 78, "with a web page" },
        { 200, "ok", 76, "answered 200 with no JSON" },
        { 200, """{"access_token":""}""", 76, "no access_token" },
        { 200, """{"token_type":"Bearer"}""", 76, "no access_token" },
        { 200, """{"access_token":"a b","token_type":"Bearer"}""", 76, "no HTTP header can carry" },
        { 200, """{"access_token":"\ud800","token_type":"Bearer"}""", 76, "no HTTP header can carry" },
        { 200, """{"access_token":"abc","token_type":"mac"}""", 76, "of the type \"mac\"" },
        { 200, new string('[', 300_000), 76, "no JSON" },
        { 500, "<html>bad gateway</html>", 75, "answered 500" },
        { 400, """{"error":"temporarily_unavailable"}""", 75, "temporarily_unavailable" },
        { 429, "", 75, "answered 429" },
        { 401, $$"""{"error":"invalid_client","error_description":"not {{ClientSecret}}"}""", 77, "not ***" },
    };

    public void Dispose()
    {
        _receiver.Dispose();
        _endpoint.Dispose();
        _written.Dispose();
    }

    [Fact]
    public async Task A_token_is_asked_for_once_and_sent_with_each_request()
    {
        using var sink = Sink();

        await DeliverAsync(sink);
        await DeliverAsync(sink);

        var asked = _endpoint.Requests.Should().ContainSingle().Which;
        Fields(asked.Body).Should().BeEquivalentTo(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = "https://monitor.azure.com/.default",
            ["client_id"] = "collector:1",
            ["client_secret"] = ClientSecret,
        });
        asked.Header("Content-Type").Should().Be("application/x-www-form-urlencoded");
        asked.Header("X-Key").Should().BeNull("what the receiver gets in headers is no business of the token endpoint");
        _receiver.Requests.Select(request => request.Header("Authorization")).Should().Equal("Bearer token-1", "Bearer token-1");
    }

    [Fact]
    public async Task The_secret_can_go_into_the_header_of_HTTP_Basic()
    {
        using var sink = Sink(""" "style": "basic", "audience": "siem", """);

        await DeliverAsync(sink);

        var asked = _endpoint.Requests.Single();
        Fields(asked.Body).Keys.Should().BeEquivalentTo("grant_type", "scope", "audience");
        var basic = asked.Header("Authorization")!["Basic ".Length..];
        Encoding.ASCII.GetString(Convert.FromBase64String(basic)).Should().Be("collector%3A1:hush%2Fclient%2Bsecret%3D0123");
        Redaction.Redact($"it was {basic}").Should().Be("it was ***");
    }

    [Theory]
    [InlineData(3600, 3539, 1)]
    [InlineData(3600, 3541, 2)]
    [InlineData(20, 14, 1)]
    [InlineData(20, 16, 2)]
    [InlineData(0, 0, 2)]
    [InlineData(-5, 0, 2)]
    [InlineData(null, 1_000_000, 1)]
    public async Task A_token_is_renewed_before_its_end(int? life, int waited, int tokens)
    {
        _endpoint.Then(Token("token-1", life), Token("token-2", 3600));
        using var sink = Sink();
        await DeliverAsync(sink);

        _time.Advance(TimeSpan.FromSeconds(waited));
        await DeliverAsync(sink);

        _endpoint.Requests.Should().HaveCount(tokens);
        _receiver.Requests[1].Header("Authorization").Should().Be($"Bearer token-{tokens}");
    }

    [Theory]
    [InlineData("\"600\"", 2)]
    [InlineData("1e400", 1)]
    [InlineData("\"soon\"", 1)]
    [InlineData("[]", 1)]
    public async Task An_odd_lifetime_does_no_harm(string life, int tokens)
    {
        _endpoint.Then(Answer.Of(200, $$"""{"access_token":"token-1","expires_in":{{life}}}"""));
        using var sink = Sink();
        await DeliverAsync(sink);

        _time.Advance(TimeSpan.FromSeconds(601));
        await DeliverAsync(sink);

        _endpoint.Requests.Should().HaveCount(tokens);
    }

    [Fact]
    public async Task A_token_that_the_receiver_no_longer_takes_is_renewed_once_and_the_request_repeated()
    {
        _endpoint.Then(Token("token-1", 3600), Token("token-2", 3600), Token("token-3", 3600));
        _receiver.Then(Answer.Of(200), Answer.Of(401), Answer.Of(200), Answer.Of(401));
        using var sink = Sink();

        await DeliverAsync(sink);
        var second = await DeliverAsync(sink);
        await DeliverAsync(sink);

        second.Accepted.Should().ContainSingle();
        _receiver.Requests.Select(request => request.Header("Authorization")).Should().Equal(
            "Bearer token-1", "Bearer token-1", "Bearer token-2", "Bearer token-2", "Bearer token-3");
        _receiver.Requests[1].Body.Should().Be(_receiver.Requests[2].Body);
        _receiver.Requests[1].Header("Idempotency-Key").Should().Be(_receiver.Requests[2].Header("Idempotency-Key"));
    }

    [Fact]
    public async Task A_receiver_that_refuses_a_new_token_too_has_refused_us()
    {
        _receiver.Otherwise = Answer.Of(401, "who?");
        using var sink = Sink();

        var receipt = await DeliverAsync(sink);
        await DeliverAsync(sink);

        receipt.End.Should().BeOfType<Failure>().Which.Code.Should().Be(ExitCode.Refused);
        _endpoint.Requests.Should().HaveCount(2);
        _receiver.Requests.Should().HaveCount(3);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task An_endpoint_that_gives_no_token_is_told_in_its_words(int status, string body, int code, string words)
    {
        _endpoint.Otherwise = Answer.Of(status, body, "Location: https://elsewhere.example/", "Retry-After: 7");
        using var sink = Sink();

        var receipt = await DeliverAsync(sink);

        var failure = receipt.End.Should().BeOfType<Failure>().Subject;
        ((int)failure.Code).Should().Be(code);
        failure.Message.Should().Contain($"needs a token, and the token endpoint {new Uri(_endpoint.Url).GetLeftPart(UriPartial.Authority)} ")
            .And.Contain(words).And.Contain("it was to get the event ").And.NotContain(ClientSecret).And.NotContain("\n");
        receipt.Rejected.Should().BeEmpty();
        _receiver.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task An_endpoint_that_hangs_takes_no_longer_than_an_attempt()
    {
        _endpoint.Otherwise = Answer.Stalled("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        using var limits = RunLimits.Within(TimeSpan.FromSeconds(4), TimeProvider.System);
        using var sink = new WebhookSink(Settings(""), TimeProvider.System, Logger.None);

        var receipt = await sink.DeliverAsync(Batch, limits);

        receipt.End.Should().BeOfType<Failure>().Which.Message.Should().Contain("did not answer within 1 s (sink.timeout)");
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_holds_events_up()
    {
        using var sink = Sink(tokenUrl: Receiver.Nowhere);

        var receipt = await DeliverAsync(sink);

        var failure = receipt.End.Should().BeOfType<Failure>().Subject;
        failure.Code.Should().Be(ExitCode.HeldUp);
        failure.Message.Should().Contain("cannot be reached: Connection refused");
    }

    [Fact]
    public async Task A_service_account_signs_what_it_asks_for()
    {
        _written.Put("key.json", KeyFile().ToJsonString());
        using var sink = GoogleSink();

        await DeliverAsync(sink);

        var fields = Fields(_endpoint.Requests.Single().Body);
        fields["grant_type"].Should().Be("urn:ietf:params:oauth:grant-type:jwt-bearer");
        var parts = fields["assertion"].Split('.');
        var signed = Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}");
        GoogleKey.Signed(signed, Base64Url.DecodeFromChars(parts[2])).Should().BeTrue();
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[0])).Should().Be("""{"alg":"RS256","typ":"JWT","kid":"k1"}""");
        Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Should().Be(
            $$"""{"iss":"collector@acme.example","scope":"https://www.googleapis.com/auth/pubsub","aud":"{{_endpoint.Url}}","iat":1790000000,"exp":1790003600}""");
        _receiver.Requests.Single().Header("Authorization").Should().Be("Bearer token-1");
        Redaction.Redact($"it was {fields["assertion"]}").Should().Be("it was ***");
    }

    [Theory]
    [InlineData("private_key", "\"hush\"", "not an RSA key")]
    [InlineData("private_key", "null", "no \"private_key\"")]
    [InlineData("client_email", "5", "no \"client_email\"")]
    [InlineData("token_uri", "\"\"", "no \"token_uri\"")]
    [InlineData("token_uri", "\"http://google.example/token\"", "plain http://")]
    [InlineData("type", "\"authorized_user\"", "authorized_user")]
    public void A_key_file_that_is_none_is_told_and_not_shown(string member, string value, string words)
    {
        var file = KeyFile();
        file[member] = JsonNode.Parse(value);
        _written.Put("key.json", file.ToJsonString());

        var complaint = _written.ComplaintOf(() => GoogleSink().Dispose());

        complaint.Should().StartWith("1: sink.auth.oauth2.googleServiceAccount: ").And.Contain(words).And.NotContain("hush");
    }

    [Theory]
    [InlineData("s3cret key")]
    [InlineData("[]")]
    public void A_key_file_without_a_key_is_told(string content)
    {
        _written.Put("key.json", content);

        _written.ComplaintOf(() => GoogleSink().Dispose()).Should().Contain("the key of a service account as Google gives it");
    }

    [Theory]
    [InlineData("""{"oauth2":{"clientId":"c","clientSecret":{"env":"S"}}}""", "sink.auth.oauth2: \"tokenUrl\" is missing")]
    [InlineData("""{"oauth2":{"tokenUrl":"https://a.example/t","clientId":"c"}}""", "\"clientSecret\" is missing")]
    [InlineData("""{"oauth2":{"tokenUrl":"http://a.example/t","clientId":"c","clientSecret":{"env":"S"}}}""", "sink.auth.oauth2.tokenUrl: is plain")]
    [InlineData("""{"oauth2":{"tokenUrl":"https://a.example/t","clientId":"c","clientSecret":"hush"}}""", "is never written into")]
    [InlineData("""{"oauth2":{"tokenUrl":"https://a.example/t","clientId":"c","clientSecret":{"env":"S"},"style":"x"}}""", "one of")]
    [InlineData("""{"oauth2":{"googleServiceAccount":{"env":"S"}}}""", "\"scope\" is missing")]
    [InlineData("""{"oauth2":{"googleServiceAccount":{"env":"S"},"scope":"s","clientId":"c"}}""", "sink.auth.oauth2.clientId: unknown")]
    public void What_cannot_ask_for_a_token_is_refused(string auth, string words) =>
        _written.Line(19, $"\"auth\": {auth},").Complaint().Should().StartWith("19: ").And.Contain(words).And.NotContain("hush");

    [Fact]
    public void The_header_with_the_token_cannot_be_set_twice() =>
        _written.Line(19, """ "auth": {"oauth2":{"googleServiceAccount":{"env":"S"},"scope":"s"}}, """)
            .Line(20, """ "headers": { "authorization": "x" }, """)
            .Complaint()
            .Should().Contain("a second time");

    static Batch Batch => new(
        "audit", [ActivityEvent.Read("""{"eid":7,"time":"2026-09-22T07:38:03Z"}"""u8.ToArray(), EventIdentity.Op).Event!]);

    static Answer Token(string token, int? life) => Answer.Of(
        200,
        $$"""{"access_token":"{{token}}","token_type":"bearer"{{(life is null ? "" : $",\"expires_in\":{life}")}}}""");

    static Dictionary<string, string> Fields(string form) => form.Split('&')
        .Select(field => field.Split('='))
        .ToDictionary(field => field[0], field => Uri.UnescapeDataString(field[1].Replace('+', ' ')));

    JsonObject KeyFile() => new()
    {
        ["type"] = "service_account",
        ["private_key_id"] = "k1",
        ["private_key"] = GoogleKey.Pem,
        ["client_email"] = "collector@acme.example",
        ["token_uri"] = _endpoint.Url,
    };

    WebhookSettings Settings(string more, string? tokenUrl = null) => Load($$"""
        { "tokenUrl": "{{tokenUrl ?? _endpoint.Url}}", "clientId": "collector:1", "clientSecret": { "env": "SECRET" }, {{more}} "scope": "https://monitor.azure.com/.default" }
        """);

    WebhookSettings Load(string oauth2) => _written.LoadText($$"""
        { "source": { "type": "op", "op": { "account": "acme", "password": { "env": "P" } } }, "sink": { "type": "webhook", "timeout": "1s", "url": "{{_receiver.Url}}", "headers": { "X-Key": "key" }, "auth": { "oauth2": {{oauth2.Trim()}} } } }
        """.Trim()).Sink.Webhook();

    WebhookSink Sink(string more = "", string? tokenUrl = null) => new(Settings(more, tokenUrl), _time, Logger.None);

    WebhookSink GoogleSink() => new(
        Load(""" { "googleServiceAccount": { "file": "key.json" }, "scope": "https://www.googleapis.com/auth/pubsub" } """), _time, Logger.None);

    async Task<Receipt> DeliverAsync(WebhookSink sink)
    {
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), _time);
        return await sink.DeliverAsync(Batch, limits);
    }
}
