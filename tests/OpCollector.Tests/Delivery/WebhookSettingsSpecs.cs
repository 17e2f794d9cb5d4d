using OpCollector.Cli.Hosting;
using OpCollector.Delivery.Webhook;


namespace OpCollector.Tests;

/// <summary>The URL, the headers and the credentials of a webhook: what is accepted, and complaints that show none of it.</summary>
public sealed class WebhookSettingsSpecs : IDisposable
{
    const int Url = 17;
    const int Auth = 19;
    const int Headers = 20;
    const int AllowInsecureHttp = 22;

    readonly TestConfiguration _written = new();

    public void Dispose() => _written.Dispose();

    [Theory]
    [InlineData("https://siem.example/hook?token=abc")]
    [InlineData("https://siem.example:8443/")]
    [InlineData("http://localhost:8080/hook")]
    [InlineData("http://127.0.0.1/hook")]
    [InlineData("http://[::1]:8080/hook")]
    public void An_https_url_and_plain_http_on_this_host_are_accepted(string address)
    {
        var settings = _written.Line(Url, $"\"url\": \"{address}\",").Load();

        settings.Sink.Webhook().Url.Reveal().Should().Be(new Uri(address));
    }

    [Theory]
    [InlineData("/hush-hush", "absolute")]
    [InlineData("siem.example/hush-hush", "absolute")]
    [InlineData("https:///nowhere", "absolute")]
    [InlineData("https:// siem.example/hush-hush", "absolute")]
    [InlineData("https://siem.example:99999/hush-hush", "absolute")]
    [InlineData("ftp://siem.example/hush-hush", "absolute")]
    [InlineData("file:///tmp/hush-hush", "absolute")]
    [InlineData("http://siem.example/hush-hush", "allowInsecureHttp")]
    [InlineData("http://localhost.siem.example/hush-hush", "allowInsecureHttp")]
    [InlineData("https://user:hush-hush@siem.example/", "sink.auth")]
    [InlineData("https://hush-hush@siem.example/", "sink.auth")]
    public void A_bad_url_is_refused_and_not_shown_wherever_it_comes_from(string address, string words)
    {
        _written.Environment["SIEM_URL"] = address;

        var plain = _written.Line(Url, $"\"url\": \"{address}\",").Complaint();
        var secret = _written.ComplaintOf(
            () => _written.Line(Url, """ "url": { "env": "SIEM_URL" }, """).Load().Sink.Webhook().Url.Reveal());

        plain.Should().StartWith("17: sink.url: ").And.Contain(words).And.NotContain("hush-hush");
        secret.Should().Be(plain);
    }

    [Theory]
    [InlineData("""{\"x\":[""", "]")]
    [InlineData("{", "}")]
    [InlineData("[[", "]] trailing")]
    public void Text_around_events_that_makes_no_JSON_of_them_is_refused(string open, string close) =>
        _written.Line(Url, $$""" "url": "https://siem.example/", "json": { "open": "{{open}}", "close": "{{close}}" }, """).Complaint()
            .Should().StartWith("17: sink.json: open and close do not make JSON around an event");

    [Fact]
    public void Plain_http_to_elsewhere_needs_to_be_allowed()
    {
        var settings = _written.Line(Url, """ "url": "http://siem.example/hook", """)
            .Line(AllowInsecureHttp, """ "allowInsecureHttp": true """)
            .Load();

        settings.Sink.Webhook().Url.Reveal().Should().Be(new Uri("http://siem.example/hook"));
    }

    [Theory]
    [InlineData("""{ "X-A": "1", "x-a": "2" }""", "X-A", "sink.headers.x-a")]
    [InlineData("""{ "authorization": "Bearer abc" }""", "Authorization", "sink.headers.authorization")]
    public void A_header_that_is_set_twice_is_refused(string headers, string name, string place)
    {
        var complaint = _written.Line(Auth, """ "auth": { "bearer": { "env": "SIEM_TOKEN" } }, """)
            .Line(Headers, $""" "headers": {headers}, """)
            .Complaint();

        complaint.Should().StartWith($"20: {place}: ").And.Contain("a second time").And.ContainEquivalentOf(name);
    }

    [Theory]
    [InlineData("X Source")]
    [InlineData("X-Source:")]
    [InlineData("X-Söurce")]
    [InlineData("X\\r\\nY")]
    [InlineData("")]
    public void What_is_no_name_of_a_header_is_refused(string name)
    {
        var complaint = _written.Line(Headers, $$""" "headers": { "{{name}}": "1password" }, """).Complaint();

        complaint.Should().StartWith("20: sink.headers.").And.Contain("not the name of an HTTP header");
    }

    [Theory]
    [InlineData("a\\r\\nX-Injected: b")]
    [InlineData("a\\nb")]
    [InlineData("a\\u0000b")]
    [InlineData("a\\u0085b")]
    public void A_header_value_with_a_control_character_is_refused(string value)
    {
        var complaint = _written.Line(Headers, $$""" "headers": { "X-Source": "{{value}}" }, """).Complaint();

        complaint.Should().StartWith("20: sink.headers.X-Source: ").And.Contain("line break");
    }

    [Theory]
    [InlineData("Zürich")]
    [InlineData("自転車")]
    public void A_header_value_that_no_request_can_carry_is_refused_before_it_is_sent(string value)
    {
        var complaint = _written.Line(Headers, $$""" "headers": { "X-Source": "{{value}}" }, """).Complaint();

        complaint.Should().StartWith("20: sink.headers.X-Source: ");
    }

    [Theory]
    [InlineData(Headers, """ "headers": { "X-Key": { "env": "KEY" } }, """, "20: sink.headers.X-Key: ")]
    [InlineData(Auth, """ "auth": { "bearer": { "env": "KEY" } }, """, "19: sink.auth.bearer: ")]
    [InlineData(Auth, """ "auth": { "header": { "name": "X-Key", "value": { "env": "KEY" } } }, """, "19: sink.auth.header.value: ")]
    public void A_secret_with_a_line_break_is_refused_as_a_header_and_not_shown(int line, string instead, string place)
    {
        _written.Environment["SIEM_TOKEN"] = "harmless";
        _written.Environment["KEY"] = "hush\nhush";

        var complaint = _written.ComplaintOf(() => Reveal(_written.Line(line, instead).Load()));

        complaint.Should().StartWith(place).And.Contain("line break").And.NotContain("hush");
    }

    [Theory]
    [InlineData(""" "auth": { "bearer": { "env": "KEY" } }, """, "Authorization: Bearer s3cret")]
    [InlineData(""" "auth": { "basic": { "user": "alice", "password": { "env": "KEY" } } }, """, "Authorization: Basic YWxpY2U6czNjcmV0")]
    [InlineData(""" "auth": { "header": { "name": "X-Api-Key", "value": { "env": "KEY" } } }, """, "X-Api-Key: s3cret")]
    public void Credentials_become_one_header(string auth, string header)
    {
        _written.Environment["KEY"] = "s3cret";

        var settings = _written.Line(Auth, auth).Load().Sink.Webhook().Auth.Should().BeOfType<HeaderAuth>().Which;

        $"{settings.Name}: {settings.Value.Reveal()}".Should().Be(header);
    }

    [Fact]
    public void Every_value_of_a_header_may_be_a_secret()
    {
        _written.Environment["KEY"] = "s3cret";

        var settings = _written.Line(Headers, """ "headers": { "X-Source": "1password", "X-Key": { "env": "KEY" } }, """).Load();

        settings.Sink.Webhook().Headers.Select(header => $"{header.Name}: {header.Value.Reveal()}")
            .Should().Equal("X-Source: 1password", "X-Key: s3cret");
    }

    static void Reveal(Settings settings)
    {
        ((HeaderAuth)settings.Sink.Webhook().Auth!).Value.Reveal();
        settings.Sink.Webhook().Headers.ToList().ForEach(header => header.Value.Reveal());
    }
}
