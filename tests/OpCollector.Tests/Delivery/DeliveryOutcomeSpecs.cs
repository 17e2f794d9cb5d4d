using System.Globalization;
using System.Text;
using OpCollector.Delivery;
using OpCollector.Delivery.Formats;
using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Tests;

/// <summary>What each answer of a webhook means, and each failure to get one: only an exact success counts.</summary>
public sealed class DeliveryOutcomeSpecs
{
    const string Plain = """
        200-202 Accepted 0
        203 Misconfigured 78
        204 Accepted 0
        205-399 Misconfigured 78
        400 Rejected 2
        401 Unauthorized 77
        402 Misconfigured 78
        403 Unauthorized 77
        404-406 Misconfigured 78
        407 Unauthorized 77
        408 Transient 75
        409-412 Misconfigured 78
        413 TooBig 2
        414-421 Misconfigured 78
        422 Rejected 2
        423-424 Misconfigured 78
        425 Transient 75
        426-428 Misconfigured 78
        429 Throttled 75
        430-499 Misconfigured 78
        500-502 Transient 75
        503 Throttled 75
        504-599 Transient 75
        """;

    // A status alone is no success where the body has to say it.
    static readonly string Strict = Plain
        .Replace(
            "200-202 Accepted 0\n203 Misconfigured 78\n204 Accepted 0\n205-399 Misconfigured 78",
            "200 Nonsense 76\n201-399 Misconfigured 78",
            StringComparison.Ordinal);

    static readonly DateTimeOffset Now = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    static readonly int[] Successes = [200, 201, 202, 204];

    static readonly int[] Throttling = [429, 503];

    static readonly ActivityEvent[] Three = [.. Enumerable.Range(7, 3).Select(eid => new ActivityEvent(eid, null, "{}"u8.ToArray()))];

    [Theory]
    [InlineData("json")]
    [InlineData("ndjson")]
    [InlineData("single")]
    public void Every_status_has_one_meaning(string format) => Table(NamedFormat.Of(format)).Should().Be(Plain);

    [Theory]
    [InlineData("splunk-hec")]
    [InlineData("elasticsearch")]
    [InlineData("opensearch")]
    public void Where_the_body_has_to_say_it_a_bare_status_is_no_success(string format) =>
        Table(NamedFormat.Of(format)).Should().Be(Strict);

    [Fact]
    public void The_statuses_that_count_may_be_others()
    {
        var format = NamedFormat.Of("json", 207);

        Successes.Select(status => Of(status, format).Verdict).Should().AllBeEquivalentTo(Verdict.Misconfigured);
        Of(207, format).Verdict.Should().Be(Verdict.Accepted);
    }

    [Fact]
    public void Every_failure_of_the_connection_has_one_meaning()
    {
        var table = Enum.GetValues<HttpRequestError>()
            .Select(error => DeliveryOutcome.FromFailure(new HttpFailure(HttpFailureKind.Connection, error, "words")))
            .Zip(Enum.GetNames<HttpRequestError>(), (outcome, name) => $"{name} {outcome.Verdict} {(int)outcome.ExitCode}");

        string.Join('\n', table).Should().Be("""
            Unknown Transient 75
            NameResolutionError Transient 75
            ConnectionError Transient 75
            SecureConnectionError Transient 75
            HttpProtocolError Transient 75
            ExtendedConnectNotSupported Misconfigured 78
            VersionNegotiationError Misconfigured 78
            UserAuthenticationError Unauthorized 77
            ProxyTunnelError Transient 75
            InvalidResponse Transient 75
            ResponseEnded Transient 75
            ConfigurationLimitExceeded Transient 75
            """);
    }

    [Fact]
    public void A_certificate_that_is_not_trusted_ends_it_whatever_broke() =>
        Enum.GetValues<HttpRequestError>()
            .Select(error => DeliveryOutcome.FromFailure(new HttpFailure(HttpFailureKind.Untrusted, error, "words")).Verdict)
            .Should().AllBeEquivalentTo(Verdict.Misconfigured);

    [Theory]
    [InlineData(400, "Misconfigured")]
    [InlineData(403, "Unauthorized")]
    [InlineData(404, "Misconfigured")]
    [InlineData(407, "Unauthorized")]
    [InlineData(429, "Transient")]
    [InlineData(502, "Transient")]
    [InlineData(503, "Transient")]
    public void A_proxy_that_makes_no_way_is_not_the_receiver(int status, string verdict)
    {
        var outcome = DeliveryOutcome.FromFailure(
            new HttpFailure(HttpFailureKind.Connection, HttpRequestError.ProxyTunnelError, "words", status));

        outcome.Verdict.ToString().Should().Be(verdict);
        outcome.What.Should().Contain("proxy").And.Contain($"{status}");
    }

    [Theory]
    [InlineData("<html>", "text/html")]
    [InlineData("<!DOCTYPE html><html><body>Sign in</body></html>", "text/html; charset=utf-8")]
    [InlineData("<!doctype  HTML>", null)]
    [InlineData("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">", "application/json")]
    [InlineData("<HTML lang=\"en\">", "text/plain")]
    [InlineData("\uFEFF\r\n  <html>", null)]
    [InlineData("<!-- blocked by -->\n<!-- the firewall -->\n<!DOCTYPE html>", "application/json")]
    [InlineData("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>", null)]
    [InlineData("<?xml version=\"1.0\"?><!-- x --><html xmlns=\"http://www.w3.org/1999/xhtml\">", "application/xhtml+xml")]
    [InlineData("<head><title>Sign in</title></head>", "text/html")]
    [InlineData("\uFEFF <!-- x --> <TITLE>Blocked</TITLE>", null)]
    [InlineData("<meta http-equiv=\"refresh\" content=\"0;url=/login\">", "text/html")]
    [InlineData("<body onload=\"go()\">", "application/json")]
    [InlineData("<script>location='/login'</script>", "text/html")]
    [InlineData("<style>p { }</style>", null)]
    [InlineData("<noscript>", "text/html")]
    [InlineData("<center><h1>502 Bad Gateway</h1></center>", "text/plain")]
    [InlineData("<?xml version=\"1.0\"?>\r\n<FrameSet\n cols=\"1\">", null)]
    public void A_web_page_is_no_success_whatever_its_type(string body, string? mediaType) =>
        Successes.Select(status => Of(status, NamedFormat.Of("json"), body, mediaType).Verdict)
            .Should().AllBeEquivalentTo(Verdict.Misconfigured);

    [Theory]
    [InlineData("", "text/html")]
    [InlineData("ok", "text/html")]
    [InlineData("ok", "text/html; charset=utf-8")]
    [InlineData("{\"ok\":true}", "text/html")]
    [InlineData("<ok/>", "text/html")]
    [InlineData("<?xml version=\"1.0\"?><response>ok</response>", "text/xml")]
    [InlineData("\"<html>\"", "application/json")]
    [InlineData("<htmlish>", "text/html")]
    [InlineData("<header>ok</header>", "text/xml")]
    [InlineData("<body-count>3</body-count>", "text/xml")]
    [InlineData("<metadata/>", null)]
    [InlineData("a <script>", "text/html")]
    [InlineData("<!-- never ends <html>", null)]
    public void Any_other_answer_is_a_success_whatever_its_type(string body, string? mediaType) =>
        Successes.Select(status => Of(status, NamedFormat.Of("json"), body, mediaType).Verdict)
            .Should().AllBeEquivalentTo(Verdict.Accepted);

    [Fact]
    public void A_web_page_in_another_encoding_is_one() =>
        new[] { Encoding.Unicode, Encoding.BigEndianUnicode }
            .Select(encoding =>
                new HttpAnswer(200, null, null, (byte[])[.. encoding.Preamble, .. encoding.GetBytes("<!DOCTYPE html>")]).IsWebPage)
            .Should().AllBeEquivalentTo(true);

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("soon", null)]
    [InlineData("-5", null)]
    [InlineData("1.5", null)]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("007", 7)]
    [InlineData("86401", 86400)]
    [InlineData("9223372036854775807", 86400)]
    [InlineData("99999999999999999999999", 86400)]
    [InlineData("Mon, 04 May 2026 03:03:31 GMT", 90)]
    [InlineData("Monday, 04-May-26 03:03:31 GMT", 90)]
    [InlineData("Mon May  4 03:03:31 2026", 90)]
    [InlineData("Fri, 31 Dec 2123 23:59:59 GMT", 86400)]
    [InlineData("Mon, 04 May 2026 03:02:01 GMT", null)]
    [InlineData("Thu, 01 Jan 1970 00:00:00 GMT", null)]
    public void Retry_After_is_understood_in_all_its_spellings(string? header, int? seconds)
    {
        var waits = Throttling.Select(
            status => NamedFormat.Of("json").Judge(new HttpAnswer(status, null, header, default), [], Now).RetryAfter?.TotalSeconds);

        waits.Should().AllBeEquivalentTo((double?)seconds);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public void What_the_receiver_said_is_told(int status)
    {
        var outcome = Of(status, NamedFormat.Of("json"), "the disk is full", "text/plain");

        outcome.What.Should().Contain(status.ToString(CultureInfo.InvariantCulture)).And.Contain("the disk is full");
    }

    [Theory]
    [InlineData(200, """{"text":"Success","code":0}""", "Accepted")]
    [InlineData(200, """{"text":"Success","code":0,"ackId":4}""", "Accepted")]
    [InlineData(200, """{"text":"HEC is healthy","code":17}""", "Nonsense")]
    [InlineData(200, """{"text":"Success"}""", "Nonsense")]
    [InlineData(200, """{"text":"Succ""", "Nonsense")]
    [InlineData(200, "[0]", "Nonsense")]
    [InlineData(200, "", "Nonsense")]
    [InlineData(201, """{"text":"Success","code":0}""", "Misconfigured")]
    [InlineData(400, """{"text":"No data","code":5}""", "Rejected")]
    [InlineData(400, """{"text":"Invalid data format","code":6,"invalid-event-number":1}""", "PartlyAccepted")]
    [InlineData(400, """{"text":"Event field is required","code":12,"invalid-event-number":0}""", "PartlyAccepted")]
    [InlineData(400, """{"text":"Invalid data format","code":6,"invalid-event-number":3}""", "Rejected")]
    [InlineData(400, """{"text":"Invalid data format","code":6,"invalid-event-number":-1}""", "Rejected")]
    [InlineData(400, """{"text":"Invalid data format","code":6,"invalid-event-number":"1"}""", "Rejected")]
    [InlineData(400, """{"text":"Incorrect index","code":7,"invalid-event-number":1}""", "Misconfigured")]
    [InlineData(400, """{"text":"Data channel is missing","code":10}""", "Misconfigured")]
    [InlineData(400, """{"text":"Invalid data channel","code":11}""", "Misconfigured")]
    [InlineData(400, """{"text":"ACK is disabled","code":14}""", "Misconfigured")]
    [InlineData(400, """{"text":"Query string authorization is not enabled","code":16}""", "Misconfigured")]
    [InlineData(400, """{"text":"Invalid token","code":21}""", "Misconfigured")]
    [InlineData(400, """{"text":"Token disabled","code":22}""", "Misconfigured")]
    [InlineData(401, """{"text":"Token is required","code":2}""", "Unauthorized")]
    [InlineData(403, """{"text":"Invalid token","code":4}""", "Unauthorized")]
    [InlineData(500, """{"text":"Internal server error","code":8}""", "Transient")]
    [InlineData(503, """{"text":"Server is busy","code":9}""", "Throttled")]
    [InlineData(503, """{"text":"Server is busy","code":9,"invalid-event-number":2}""", "Throttled")]
    public void Splunk_says_it_in_a_code(int status, string body, string verdict) =>
        Of(status, NamedFormat.Of("splunk-hec"), body).Verdict.ToString().Should().Be(verdict);

    [Theory]
    [InlineData(400, 0, "7", "8 9")]
    [InlineData(400, 1, "8", "9")]
    [InlineData(400, 2, "9", "")]
    [InlineData(503, 0, "", "7 8 9")]
    [InlineData(503, 2, "", "9")]
    public void Splunk_has_the_events_before_the_one_it_names(int status, int number, string refused, string left)
    {
        var partial = Of(status, NamedFormat.Of(
            "splunk-hec"), $$"""{"text":"x","code":{{(status == 400 ? 6 : 9)}},"invalid-event-number":{{number}}}""").Partial!;

        string.Join(' ', partial.Rejected.Select(each => each.Event.Id)).Should().Be(refused);
        string.Join(' ', partial.Left.Select(each => each.Id)).Should().Be(left);
    }

    [Theory]
    [InlineData("201 201 201", "Accepted", "", "")]
    [InlineData("200 409 201", "Accepted", "", "")]
    [InlineData("201 400 201", "PartlyAccepted", "8", "")]
    [InlineData("400 400 400", "PartlyAccepted", "7 8 9", "")]
    [InlineData("201 413 201", "PartlyAccepted", "8", "")]
    [InlineData("201 429 201", "Throttled", "", "8")]
    [InlineData("429 400 503", "Throttled", "8", "7 9")]
    [InlineData("500 201 201", "Transient", "", "7")]
    [InlineData("201 404 201", "PartlyAccepted", "8", "")]
    [InlineData("404 404 404", "Misconfigured", "", "")]
    [InlineData("400 403 429", "Unauthorized", "", "")]
    [InlineData("201 403 429", "Throttled", "8", "9")]
    [InlineData("201 403 400", "PartlyAccepted", "8 9", "")]
    public void A_bulk_answer_speaks_of_each_event(string statuses, string verdict, string refused, string left)
    {
        var outcome = Of(200, NamedFormat.Of("elasticsearch"), Bulk(statuses, "7 8 9"));

        outcome.Verdict.ToString().Should().Be(verdict);
        string.Join(' ', outcome.Partial?.Rejected.Select(each => each.Event.Id) ?? []).Should().Be(refused);
        string.Join(' ', outcome.Partial?.Left.Select(each => each.Id) ?? []).Should().Be(left);
    }

    [Fact]
    public void A_bulk_answer_in_another_order_is_matched_by_the_ids()
    {
        var outcome = Of(200, NamedFormat.Of("opensearch"), Bulk("201 400 201", "9 7 8"));

        outcome.Partial!.Rejected.Single().Event.Id.Should().Be("7");
    }

    // Elasticsearch 8.19 and 9.1: what does not fit the mapping is created elsewhere, under an id of its own, and called a success.
    [Fact]
    public void An_event_that_went_to_the_failure_store_was_not_taken()
    {
        var outcome = Of(200, NamedFormat.Of("elasticsearch"), """
            {"errors":false,"items":[{"create":{"_index":".ds-x-000001","_id":"7","status":201}},
            {"create":{"_index":".fs-x-000002","_id":"F3S3s5YBwrYNjPmayMr9","status":201,"failure_store":"used"}},
            {"create":{"_index":".ds-x-000001","_id":"9","status":201}}]}
            """);

        outcome.Verdict.Should().Be(Verdict.PartlyAccepted);
        outcome.Partial!.Rejected.Single().Event.Id.Should().Be("8");
        outcome.Partial.Left.Should().BeEmpty();
    }

    [Theory]
    [InlineData("201 201", "7 8")]
    [InlineData("201 201 201 201", "7 8 9 10")]
    [InlineData("201 201 201", "7 8 8")]
    [InlineData("201 201 201", "7 8 10")]
    public void A_bulk_answer_that_does_not_fit_one_to_one_is_not_believed(string statuses, string ids) =>
        Of(200, NamedFormat.Of("elasticsearch"), Bulk(statuses, ids)).Verdict.Should().Be(Verdict.Nonsense);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"errors":false}""")]
    [InlineData(
        """{"errors":false,"items":[{"create":{"_id":"7","status":201}},{"create":{"_id":"8","status":201}},{"create":{"_id":"9","status":400}}]}""")]
    [InlineData(
        """{"errors":true,"items":[{"create":{"_id":"7","status":201}},{"create":{"_id":"8","status":201}},{"create":{"_id":"9","status":201}}]}""")]
    [InlineData(
        """{"items":[{"create":{"_id":"7","status":201}},{"create":{"_id":"8","status":201}},{"create":{"_id":"9","status":201}}]}""")]
    [InlineData("""{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}},{"create":{"status":201}}]}""")]
    [InlineData("""{"errors":false,"items":[{"create":{"_id":7,"status":201}},{},7]}""")]
    [InlineData("""{"errors":false,"items":[{"create":{"_id":"7","sta""")]
    public void A_bulk_answer_that_contradicts_itself_or_breaks_off_is_not_believed(string body) =>
        Of(200, NamedFormat.Of("elasticsearch"), body).Verdict.Should().Be(Verdict.Nonsense);

    static string Bulk(string statuses, string ids)
    {
        var items = statuses.Split(' ')
            .Zip(ids.Split(' '), (status, id) => $$$"""{"create":{"_index":"x","_id":"{{{id}}}","status":{{{status}}}}}""");
        return $$"""{"took":1,"errors":{{(statuses.Split(' ').All(status => status[0] == '2') ? "false" : "true")}},"items":[{{string.Join(',', items)}}]}""";
    }

    static string Table(Format format)
    {
        var rows = new List<(int First, int Last, string Meaning)>();
        foreach (var status in Enumerable.Range(200, 400))
        {
            var outcome = Of(status, format);
            var meaning = $"{outcome.Verdict} {(int)outcome.ExitCode}";
            if (rows.Count > 0 && rows[^1].Meaning == meaning)
            {
                rows[^1] = rows[^1] with { Last = status };
            }
            else
            {
                rows.Add((status, status, meaning));
            }
        }

        return string.Join(
            '\n', rows.Select(row => $"{(row.First == row.Last ? $"{row.First}" : $"{row.First}-{row.Last}")} {row.Meaning}"));
    }

    static DeliveryOutcome Of(int status, Format format, string body = "", string? contentType = null) =>
        format.Judge(new HttpAnswer(status, contentType, null, Encoding.UTF8.GetBytes(body)), Three, Now);
}
