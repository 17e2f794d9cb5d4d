using System.Text;
using OpCollector.Delivery;
using OpCollector.Delivery.S3;
using OpCollector.Events;
using Serilog.Core;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>Objects and their keys, what is asked of an object store, and what each of its answers means.</summary>
public sealed class S3Specs : IDisposable
{
    readonly TestConfiguration _written = new();
    readonly Receiver _store = new();
    readonly VirtualTime _time = new(DateTimeOffset.FromUnixTimeSeconds(1_790_000_000));

    public S3Specs()
    {
        _written.Environment["S"] = "hush-secret-key";
        _store.Otherwise = Put;
    }

    static Answer Put => Answer.Of(200, "", "ETag: \"0123\"");

    public static TheoryData<string, int, string> Refusals => new()
    {
        { Error(404, "NoSuchBucket"), 78, "answered 404 (NoSuchBucket): there is no such bucket; check sink.bucket" },
        { Error(301, "PermanentRedirect"), 78, "the bucket is somewhere else; check sink.region" },
        { Error(400, "AuthorizationHeaderMalformed"), 78, "the bucket is somewhere else; check sink.region" },
        { Error(403, "AccessDenied"), 77, "answered 403 (AccessDenied); check the credentials" },
        { Error(400, "ExpiredToken"), 77, "(ExpiredToken)" },
        { Error(403, "RequestTimeTooSkewed"), 77, "the clock of this host is wrong" },
        { Error(413, "EntityTooLarge"), 78, "larger than it takes" },
        { Answer.Of(413, "<html>nginx</html>").Text, 78, "larger than it takes" },
        { Error(400, "Weird\nhush-secret-key\u001b[31m"), 78, "Weird ***" },
        { Answer.Of(200, "<!doctype html><html>Sign in</html>").Text, 76, "in a way that no object store does; check sink.endpoint" },
        { Answer.Of(200, "<html>Sign in</html>", "ETag: \"0123\"").Text, 76, "in a way that no object store does; check sink.endpoint" },
        { Answer.Of(204).Text, 76, "answered 204 in a way that no object store does" },
        { Answer.Of(200, "", "ETag: \"0123\"", "x-amz-object-size: junk").Text, 76, "answered in a way that no object store does" },
        { Answer.Of(307, "", "Location: http://127.0.0.1:9/x").Text, 78, "answered 307: the bucket is somewhere else; check sink.region" },
        { Answer.Of(307, "", "Location: :::").Text, 78, "answered 307" },
        { Answer.Of(301, "", "Location: http://127.0.0.1:9/x").Text, 78, "answered 301" },
        { Answer.Of(405, "<html>").Text, 78, "answered 405" },
        { Error(503, "SlowDown"), 75, "answered 503 (SlowDown)" },
        { Error(500, "InternalError"), 75, "answered 500 (InternalError)" },
        { Error(400, "BadDigest"), 75, "(BadDigest)" },
        { "HTTP/1.1 200 OK\r\nContent-Len", 75, "broke off" },
        { "nonsense\r\n\r\n", 75, "broke off" },
    };

    public void Dispose()
    {
        _store.Dispose();
        _written.Dispose();
    }

    [Theory]
    [InlineData("""{"eid":7,"time":"2026-01-02T03:04:05+02:00"}""", "p/audit/2026/01/02/01/7-{0}.ndjson.gz")]
    [InlineData("""{"eid":7}""", "p/audit/undated/7-{0}.ndjson.gz")]
    public void A_key_is_made_of_the_batch_alone(string text, string key)
    {
        var batch = new Batch("audit", [Event(text), Event("""{"eid":8,"time":"2026-02-01T00:00:00Z"}""")]);

        var put = S3Upload.Pack(batch, "p/");

        put.Key.Should().Be(string.Format(System.Globalization.CultureInfo.InvariantCulture, key, batch.Id));
        S3Upload.Pack(batch, "p/").Content.Should().Equal(put.Content);
    }

    [Fact]
    public void An_odd_id_does_no_harm_to_a_key()
    {
        var odd = new ActivityEvent(0, null, "{}"u8.ToArray()) { Id = "sha256:../ü?#" + new string('x', 500) };

        var key = S3Upload.Pack(new Batch("signin", [odd]), "").Key;

        key.Should().StartWith("signin/undated/sha256-..----x").And.HaveLength("signin/undated/-.ndjson.gz".Length + 128 + 32);
    }

    [Fact]
    public void Amazon_gets_a_checksum_that_stays_with_the_object_and_others_the_one_that_they_know()
    {
        var put = S3Upload.Pack(Batch, "");

        var (amazon, others) = (put.Request("b", null, isAmazon: true), put.Request("b", null, isAmazon: false));

        amazon.ChecksumSHA256.Should().HaveLength(44);
        amazon.MD5Digest.Should().BeNull();
        others.MD5Digest.Should().HaveLength(24);
        others.ChecksumSHA256.Should().BeNull();
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData(""" "encryption": { "method": "AES256" }, """, "AES256", null)]
    [InlineData(""" "encryption": { "method": "aws:kms", "keyId": "alias/siem" }, """, "aws:kms", "alias/siem")]
    public async Task A_request_says_how_the_object_is_to_be_encrypted(string encryption, string? method, string? key)
    {
        using var sink = Sink(encryption);

        (await DeliverAsync(sink)).Accepted.Should().HaveCount(1);

        var request = _store.Requests.Should().ContainSingle().Which;
        request.Head.Should().StartWith("PUT /logs/audit/2026/09/22/07/7-");
        request.Header("x-amz-server-side-encryption").Should().Be(method);
        request.Header("x-amz-server-side-encryption-aws-kms-key-id").Should().Be(key);
        request.Header("Content-Type").Should().Be("application/gzip");
        request.Header("Content-Encoding").Should().BeNull();
        request.Header("Content-MD5").Should().NotBeNull();
        request.Header("x-amz-content-sha256").Should().MatchRegex("^[0-9a-f]{64}$");
        request.Header("Authorization").Should().StartWith("AWS4-HMAC-SHA256 Credential=key-id/").And.Contain("/auto/s3/aws4_request");
        request.Head.Should().NotContain("x-amz-checksum").And.NotContain("aws-chunked");
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_a_store_answers_is_told_in_one_line(string answer, int code, string words)
    {
        _store.Otherwise = Answer.Raw(answer);
        using var sink = Sink();

        var receipt = await DeliverAsync(sink);

        var failure = receipt.End.Should().BeOfType<Failure>().Subject;
        ((int)failure.Code).Should().Be(code, failure.Message);
        failure.Message.Should().StartWith($"The sink s3://logs at {Endpoint} ").And.Contain(words)
            .And.NotContain("hush").And.NotContain("\n").And.NotContain("\u001b");
        (receipt.Accepted, receipt.Rejected).Should().BeEquivalentTo((Array.Empty<ActivityEvent>(), Array.Empty<RejectedEvent>()));
    }

    [Fact]
    public async Task What_may_work_the_next_time_is_tried_again_with_the_same_object()
    {
        _store.Then(
            Answer.Raw(Error(503, "SlowDown")),
            Answer.Raw("HTTP/1.1 2"),
            Answer.Raw(Error(500, "InternalError")),
            Answer.Silence(counts: true));
        using var sink = Sink();

        var receipt = await DeliverAsync(sink);

        receipt.End.Should().BeNull();
        receipt.Accepted.Should().HaveCount(1);
        _store.Requests.Should().HaveCount(5);
        _store.Requests.Select(request => request.Head.Split(' ')[1] + request.Body).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_store_that_hangs_takes_no_longer_than_an_attempt()
    {
        _store.Otherwise = Answer.Stalled("HTTP/1.1 200 OK\r\n");
        using var limits = RunLimits.Within(TimeSpan.FromSeconds(4), TimeProvider.System);
        using var sink = new S3Sink(Settings(""), TimeProvider.System, Logger.None);

        var receipt = await sink.DeliverAsync(Batch, limits);

        var failure = receipt.End.Should().BeOfType<Failure>().Subject;
        failure.Code.Should().Be(ExitCode.HeldUp);
        failure.Message.Should().Contain("did not answer within 1 s (sink.timeout)");
    }

    // A library would keep all of it.
    [Theory]
    [InlineData(400)]
    [InlineData(200)]
    public async Task An_answer_that_has_no_end_is_given_up(int status)
    {
        _store.Otherwise = Answer.Raw(
            $"HTTP/1.1 {status} x\r\nETag: \"0123\"\r\nContent-Length: 9000000000\r\n\r\n<Error><Code>{new string('x', 2_000_000)}");
        using var sink = Sink();

        var receipt = await DeliverAsync(sink);

        var failure = receipt.End.Should().BeOfType<Failure>().Subject;
        failure.Code.Should().Be(ExitCode.HeldUp);
        failure.Message.Should().Contain("broke off: the answer has no end, and was given up after 1 MB").And.NotContain("xxx");
    }

    [Fact]
    public async Task A_store_that_is_gone_holds_events_up()
    {
        using var sink = Sink("", Receiver.Nowhere);

        var receipt = await DeliverAsync(sink);

        receipt.End.Should().BeOfType<Failure>().Which.Message.Should().Contain("cannot be reached: Connection refused");
    }

    [Theory]
    [InlineData(""" "bucket": "b" """, "sink: \"region\" is missing")]
    [InlineData(""" "region": "r" """, "sink: \"bucket\" is missing")]
    [InlineData(""" "bucket": "b b", "region": "r" """, "sink.bucket: \"b b\" is not the name of a bucket")]
    [InlineData(""" "bucket": "..", "region": "r" """, "sink.bucket: \"..\" is not the name of a bucket")]
    [InlineData(""" "bucket": "b", "region": "r", "prefix": "/p" """, "sink.prefix: begins with a slash")]
    [InlineData(""" "bucket": "b", "region": "r", "prefix": "a/../p" """, "sink.prefix: holds a folder . or ..")]
    [InlineData(""" "bucket": "b", "region": "r", "credentials": { "accessKeyId": "ü" } """, "accessKeyId: holds what no id of a key has")]
    [InlineData(""" "bucket": "b", "region": "r", "prefix": "ü" """, "sink.prefix: holds a letter beyond ASCII")]
    [InlineData(""" "bucket": "b", "region": "r", "endpoint": "http://minio.example" """, "sink.endpoint: is plain http://")]
    [InlineData(""" "bucket": "b", "region": "r", "credentials": { "accessKeyId": "a" } """, "\"secretAccessKey\" is missing")]
    [InlineData(""" "bucket": "b", "region": "r", "credentials": { "accessKeyId": "a", "secretAccessKey": "hush" } """, "is never written into")]
    [InlineData(""" "bucket": "b", "region": "r", "encryption": { "method": "AES256", "keyId": "k" } """, "goes with aws:kms")]
    [InlineData(""" "bucket": "b", "region": "r", "url": "https://a.example" """, "sink.url: unknown")]
    public void What_is_no_bucket_is_refused(string members, string words) => _written
        .ComplaintOf(() => Load(members))
        .Should().StartWith("1: ").And.Contain(words).And.NotContain("hush");

    static Batch Batch => new("audit", [Event("""{"eid":7,"time":"2026-09-22T07:38:03Z"}""")]);

    string Endpoint => new Uri(_store.Url).GetLeftPart(UriPartial.Authority);

    static ActivityEvent Event(string text) => ActivityEvent.Read(Encoding.UTF8.GetBytes(text), EventIdentity.Op).Event!;

    static string Error(int status, string code) => Answer.Of(
        status,
        $"<?xml version=\"1.0\"?><Error><Code>{code.Replace("\u001b", "", StringComparison.Ordinal)}</Code><Message>hush</Message></Error>",
        "Content-Type: application/xml").Text;

    S3Settings Settings(string more, string? endpoint = null) => Load($$"""
        {{more}} "bucket": "logs", "region": "auto", "timeout": "1s", "pathStyle": true, "endpoint": "{{endpoint ?? Endpoint}}",
        "credentials": { "accessKeyId": "key-id", "secretAccessKey": { "env": "S" } }
        """);

    S3Settings Load(string members) => _written.LoadText(
        $$"""{ "source": { "type": "op", "op": { "account": "acme", "password": { "env": "P" } } }, "sink": { "type": "s3", {{members}} } }""")
        .Sink.Bucket();

    S3Sink Sink(string more = "", string? endpoint = null) => new(Settings(more, endpoint), _time, Logger.None);

    async Task<Receipt> DeliverAsync(S3Sink sink)
    {
        using var limits = RunLimits.Within(TimeSpan.FromMinutes(4), _time);
        return await sink.DeliverAsync(Batch, limits);
    }
}
