using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using SiemEmulator;
using SiemEmulator.Checks;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>The emulated webhooks, proven by raw requests: what they take, what they refuse, and that they keep what they took.</summary>
public sealed class SiemEmulatorSpecs : IDisposable
{
    const string Ndjson = "Content-Type: application/x-ndjson";

    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("siem-emulator-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task An_array_is_accepted_and_its_events_are_kept_in_order()
    {
        using var siem = new Siem(new ArrayOfObjects());

        var (status, text) = await Sender.PostAsync(siem, """[{"eid":2,"a":1.50},{"uuid":"B"},{"id":"f-1","event":{"eid":9}}]""");

        (status, text).Should().Be((200, """{"accepted":3}"""));
        siem.Accepted.Should().Equal("2", "B", "f-1");
        siem.Events[0].Text.Should().Be("""{"eid":2,"a":1.50}""");
        siem.Refusals.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"eid":1}""")]
    [InlineData("[]")]
    [InlineData("""[{"eid":1},2]""")]
    [InlineData("""[{"eid":1}""")]
    [InlineData("""[{"eid":1}][]""")]
    [InlineData("")]
    public async Task What_is_not_one_array_of_objects_is_no_array(string body) => await Refuses(new ArrayOfObjects(), body, 400);

    [Theory]
    [InlineData("""[{"eid":1}]""")]
    [InlineData("""{"eid":1}{"eid":2}""")]
    [InlineData("1")]
    public async Task What_is_not_one_object_is_no_single_event(string body) => await Refuses(new SingleObject(), body, 400);

    [Theory]
    [InlineData("{\"eid\":1}\n{\"eid\":2}")]
    [InlineData("{\"eid\":1}\n\n{\"eid\":2}\n")]
    [InlineData("{\"eid\":1}\r\n")]
    [InlineData("{\"eid\":\n1}\n")]
    [InlineData("[{\"eid\":1}]\n")]
    [InlineData("")]
    public async Task What_is_not_one_object_a_line_is_no_NDJSON(string body) => await Refuses(new Ndjson(), body, 400, Ndjson);

    [Fact]
    public async Task Lines_and_single_objects_are_accepted()
    {
        using var lines = new Siem(new Ndjson());
        using var single = new Siem(new SingleObject { Success = 204 });

        (await Sender.PostAsync(lines, "{\"eid\":1}\n{\"eid\":2}\n", Ndjson)).Status.Should().Be(200);
        (await Sender.PostAsync(single, """{"eid":3}""")).Should().Be((204, ""));

        lines.Accepted.Should().Equal("1", "2");
        single.Accepted.Should().Equal("3");
    }

    [Fact]
    public async Task A_body_of_another_type_or_encoding_is_refused()
    {
        await Refuses(new ArrayOfObjects(), """[{"eid":1}]""", 415, Ndjson);
        await Refuses(new Ndjson(), "{\"eid\":1}\n", 415, "Content-Type: application/json");
        await Refuses(new ArrayOfObjects(), """[{"eid":1}]""", 415, "Content-Type: application/json; charset=iso-8859-1");
        await Refuses(new ArrayOfObjects(), """[{"eid":1}]""", 415, "Content-Encoding: br");
        using var siem = new Siem(new ArrayOfObjects());
        (await Sender.PostAsync(siem, [.. "[{\"eid\":1,\"a\":\""u8, 0xC3, .. "\"}]"u8])).Status.Should().Be(400);
        siem.Refusals.Should().ContainSingle().Which.Should().Contain("UTF-8");
    }

    [Theory]
    [InlineData("PUT /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 405)]
    [InlineData("POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("POST /hook HTTP/1.1\r\nHost: x\r\n\r\n", 411)]
    [InlineData("POST /hook HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400)]
    [InlineData("POST /hook HTTP/1.0\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 400)]
    [InlineData("POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n", 400)]
    [InlineData("POST /hook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnope\r\n", 400)]
    [InlineData("POST /hook HTTP/1.1\nHost: x\n\n", 400)]
    public async Task A_request_that_breaks_HTTP_is_refused(string request, int status)
    {
        using var siem = new Siem(new ArrayOfObjects());

        (await Sender.RawAsync(siem, request)).Should().StartWith($"HTTP/1.1 {status} ");

        siem.Refusals.Should().ContainSingle();
    }

    [Fact]
    public async Task A_chunked_body_is_put_together()
    {
        using var siem = new Siem(new ArrayOfObjects());

        var answer = await Sender.RawAsync(
            siem,
            "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n6;x=y\r\n[{\"eid\r\n5\r\n\":1}]\r\n0\r\nTrailer: 1\r\n\r\n");

        answer.Should().StartWith("HTTP/1.1 200 OK\r\n");
        siem.Requests.Single().Text.Should().Be("""[{"eid":1}]""");
    }

    [Fact]
    public async Task A_connection_carries_one_request_after_the_other()
    {
        using var siem = new Siem(new ArrayOfObjects());
        var first = Sender.Request(siem, """[{"eid":1}]""").Replace("Connection: close\r\n", "", StringComparison.Ordinal);

        var answer = await Sender.RawAsync(siem, first + first + Sender.Request(siem, """[{"eid":2}]"""));

        answer.Split("HTTP/1.1 200").Should().HaveCount(4);
        siem.Connections.Should().Be(1);
        siem.Accepted.Should().Equal("1", "1", "2");
    }

    [Fact]
    public async Task A_compressed_body_is_read_unless_it_is_cut_off_or_not_wanted()
    {
        var zipped = Zipped("""[{"eid":1}]""");
        using var siem = new Siem(new ArrayOfObjects());
        using var plain = new Siem(new ArrayOfObjects { Limits = new Limits(Gzip: false) });

        (await Sender.PostAsync(siem, zipped, "Content-Encoding: gzip")).Status.Should().Be(200);
        (await Sender.PostAsync(siem, zipped[..^6], "Content-Encoding: gzip")).Status.Should().Be(400);
        (await Sender.PostAsync(siem, """[{"eid":1}]""", "Content-Encoding: gzip")).Status.Should().Be(400);
        (await Sender.PostAsync(plain, zipped, "Content-Encoding: gzip")).Status.Should().Be(415);

        siem.Requests[0].Received.Should().Equal(zipped);
        siem.Requests[0].Text.Should().Be("""[{"eid":1}]""");
        siem.Accepted.Should().Equal("1");
        plain.Accepted.Should().BeEmpty();
    }

    [Fact]
    public async Task More_than_the_limits_is_too_large()
    {
        var receiver = new ArrayOfObjects { Limits = new Limits(Events: 2, Bytes: 60) };

        await Refuses(receiver, """[{"eid":1},{"eid":2},{"eid":3}]""", 413);
        await Refuses(receiver, $$"""[{"eid":1,"a":"{{new string('x', 60)}}"}]""", 413);
        using var siem = new Siem(receiver);
        (await Sender.PostAsync(siem, Zipped($$"""[{"eid":1,"a":"{{new string('x', 60)}}"}]"""), "Content-Encoding: gzip")).Status
            .Should().Be(413);
        (await Sender.PostAsync(siem, """[{"eid":1},{"eid":2}]""")).Status.Should().Be(200);
    }

    [Fact]
    public async Task A_poison_event_takes_its_whole_request_with_it()
    {
        using var siem = new Siem(new ArrayOfObjects { Poison = new HashSet<string> { "2" } });

        (await Sender.PostAsync(siem, """[{"eid":1},{"eid":2}]""")).Status.Should().Be(400);
        (await Sender.PostAsync(siem, """[{"eid":1}]""")).Status.Should().Be(200);

        siem.Accepted.Should().Equal("1");
        siem.Requests[0].Ids.Should().Equal("1", "2");
    }

    [Theory]
    [InlineData("Authorization: Bearer right", 200)]
    [InlineData("Authorization: Bearer wrong", 401)]
    [InlineData("Authorization: right", 401)]
    [InlineData("X-Nothing: right", 401)]
    public async Task A_bearer_token_is_asked_for(string header, int status) => await Answers(Check.Bearer("right"), status, header);

    [Theory]
    [InlineData("Authorization: Basic c2llbTpyaWdodA==", 200)]
    [InlineData("Authorization: Basic c2llbTp3cm9uZw==", 401)]
    [InlineData("Authorization: Bearer c2llbTpyaWdodA==", 401)]
    public async Task A_user_and_a_password_are_asked_for(string header, int status) =>
        await Answers(Check.Basic("siem", "right"), status, header);

    [Theory]
    [InlineData("X-Api-Key: right", 200)]
    [InlineData("X-Api-Key: Right", 401)]
    public async Task A_header_is_asked_for(string header, int status) => await Answers(Check.Header("X-Api-Key", "right"), status, header);

    [Fact]
    public async Task A_signature_is_over_the_bytes_as_received()
    {
        var zipped = Zipped("""[{"eid":1}]""");
        using var siem = new Siem(new ArrayOfObjects { Checks = [new HmacCheck("key", "X-Signature", "sha256=")] });

        (await Sender.PostAsync(siem, zipped, "Content-Encoding: gzip", Signature(zipped))).Status.Should().Be(200);
        (await Sender.PostAsync(siem, zipped, "Content-Encoding: gzip", Signature("""[{"eid":1}]"""u8))).Status.Should().Be(401);
        (await Sender.PostAsync(siem, """[{"eid":1}]""", Signature("""[{"eid":2}]"""u8))).Status.Should().Be(401);
        (await Sender.PostAsync(siem, """[{"eid":1}]""")).Status.Should().Be(401);

        siem.Accepted.Should().Equal("1");

        static string Signature(ReadOnlySpan<byte> body) =>
            $"X-Signature: sha256={Convert.ToHexStringLower(HMACSHA256.HashData("key"u8, body))}";
    }

    [Theory]
    [InlineData("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", 0, "msg_1", 200)]
    [InlineData("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", -290, "msg_1", 200)]
    [InlineData("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", -310, "msg_1", 401)]
    [InlineData("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", 310, "msg_1", 401)]
    [InlineData("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", 0, "msg.1", 401)]
    [InlineData("whsec_eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHg=", 0, "msg_1", 401)]
    public async Task A_Standard_Webhook_is_verified(string secret, int age, string id, int status)
    {
        using var siem = new Siem(
            new ArrayOfObjects { Checks = [new StandardWebhooksCheck("whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")] });
        var time = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + age;
        var signature = HMACSHA256.HashData(
            Convert.FromBase64String(secret[6..]), Encoding.UTF8.GetBytes($$"""{{id}}.{{time}}.[{"eid":1}]"""));

        var answer = await Sender.PostAsync(
            siem,
            """[{"eid":1}]""",
            $"webhook-id: {id}",
            $"webhook-timestamp: {time}",
            $"webhook-signature: v1,b2xk v1,{Convert.ToBase64String(signature)}");

        answer.Status.Should().Be(status);
    }

    [Fact]
    public async Task What_is_accepted_is_on_the_disk_before_anybody_is_told()
    {
        var file = Path.Combine(_directory.FullName, "accepted.ndjson");
        using var siem = new Siem(new ArrayOfObjects(), _directory.FullName);
        string[] lines = [];
        siem.OnAccepted = _ => lines = File.ReadAllLines(file);

        await Sender.PostAsync(siem, """[{"eid":1},{"eid":2}]""");

        lines.Should().HaveCount(2).And.Contain("""{"id":"1","key":null,"text":"{\u0022eid\u0022:1}"}""");
    }

    [Fact]
    public async Task A_second_receiver_on_the_same_directory_knows_what_the_first_accepted()
    {
        using (var first = new Siem(new ArrayOfObjects(), _directory.FullName))
        {
            await Sender.PostAsync(first, """[{"eid":1}]""");
        }

        using var second = new Siem(new ArrayOfObjects(), _directory.FullName);
        await Sender.PostAsync(second, """[{"eid":2}]""");

        second.Accepted.Should().Equal("1", "2");
    }

    static byte[] Zipped(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    static async Task Answers(Check check, int status, string header)
    {
        using var siem = new Siem(new ArrayOfObjects { Checks = [check] });

        (await Sender.PostAsync(siem, """[{"eid":1}]""", header)).Status.Should().Be(status);

        siem.Accepted.Should().HaveCount(status == 200 ? 1 : 0);
    }

    static async Task Refuses(EventReceiver receiver, string body, int status, params string[] headers)
    {
        using var siem = new Siem(receiver);

        (await Sender.PostAsync(siem, body, headers)).Status.Should().Be(status);

        siem.Accepted.Should().BeEmpty();
        siem.Refusals.Should().ContainSingle();
    }
}
