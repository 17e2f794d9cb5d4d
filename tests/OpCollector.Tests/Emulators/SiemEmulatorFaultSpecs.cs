using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using SiemEmulator;
using SiemEmulator.Faults;
using SiemEmulator.Receivers;

namespace OpCollector.Tests;

/// <summary>The emulated receivers misbehave as scripted, byte for byte, and say truly what they stored meanwhile.</summary>
public sealed class SiemEmulatorFaultSpecs : IDisposable
{
    const string Events = """[{"eid":1},{"eid":2}]""";

    readonly Siem _siem = new(new ArrayOfObjects());

    public void Dispose() => _siem.Dispose();

    [Fact]
    public async Task An_answer_is_given_as_often_as_scripted_and_stores_nothing()
    {
        _siem.With(Fault.Answer(503, "later", "Retry-After: 7").Times(2), Fault.Answer(413));

        (await SendAsync()).Should().Be("HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 5\r\n\r\nlater");
        (await SendAsync()).Should().StartWith("HTTP/1.1 503 ");
        (await SendAsync()).Should().StartWith("HTTP/1.1 413 ");
        _siem.Accepted.Should().BeEmpty();
        (await SendAsync()).Should().StartWith("HTTP/1.1 200 ");
        _siem.Accepted.Should().Equal("1", "2");
        _siem.Requests.Select(request => request.Status).Should().Equal(503, 503, 413, 200);
    }

    [Fact]
    public async Task A_fault_befalls_the_requests_it_is_meant_for()
    {
        _siem.With(Fault.Answer(500).On(2), Fault.Answer(400).Holding("9").Always());

        (await StatusesAsync(Events, Events, """[{"eid":9}]""", Events, """[{"eid":8},{"eid":9}]"""))
            .Should().Equal(200, 500, 400, 200, 400);

        _siem.Recover();
        (await StatusesAsync("""[{"eid":9}]""")).Should().Equal(200);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_error_hides_how_much_was_stored(int stored)
    {
        _siem.With(Fault.Answer(500).Storing(stored));

        await SendAsync();

        _siem.Accepted.Should().HaveCount(stored);
        _siem.Requests.Single().Stored.Should().HaveCount(stored);
    }

    [Fact]
    public async Task A_fault_does_not_hide_what_the_receiver_would_have_refused()
    {
        _siem.With(Fault.Answer(200).Storing());

        (await StatusesAsync("nonsense")).Should().Equal(200);

        _siem.Accepted.Should().BeEmpty();
        _siem.Refusals.Should().ContainSingle();
    }

    [Fact]
    public async Task A_success_can_be_a_lie()
    {
        _siem.With(Fault.Html(), Fault.Empty(), Fault.Garbage());

        (await SendAsync()).Should().Contain("Content-Type: text/html").And.EndWith("</html>");
        (await SendAsync()).Should().EndWith("Content-Length: 0\r\n\r\n");
        (await SendAsync()).Should().EndWith("\0{\"code\":0");
        _siem.Accepted.Should().BeEmpty();
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task It_is_seen_whether_a_redirect_is_followed(int status)
    {
        _siem.With(Fault.Redirect(status));
        using var naive = new HttpClient();
        using var body = new StringContent(Events, Encoding.UTF8, "application/json");

        (await naive.PostAsync(new Uri(_siem.Url), body)).StatusCode.Should().Be(System.Net.HttpStatusCode.OK);

        _siem.Followed.Should().ContainSingle();
        _siem.Accepted.Should().BeEmpty();
        _siem.With(Fault.Redirect(status));
        (await Sender.PostAsync(_siem, Events)).Status.Should().Be(status);
        _siem.Followed.Should().ContainSingle();
    }

    [Theory]
    [InlineData(Manner.ShortLength, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"accep")]
    [InlineData(
        Manner.ShortChunks, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"accep\r\n")]
    [InlineData(Manner.HalfBody, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"accep")]
    [InlineData(Manner.CloseDelimited, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"accepted\":2}")]
    [InlineData(
        Manner.Chunked,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7\r\n{\"accep\r\n7\r\nted\":2}\r\n0\r\n\r\n")]
    [InlineData(
        Manner.Interim,
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"accepted\":2}")]
    public async Task An_answer_goes_over_the_wire_like_this(object manner, string answer)
    {
        _siem.With(Fault.OnTheWire((Manner)manner));

        (await SendAsync()).Should().Be(answer);

        _siem.Accepted.Should().Equal("1", "2");
    }

    [Fact]
    public async Task A_slow_answer_comes_byte_by_byte()
    {
        _siem.With(Fault.Slow(TimeSpan.FromMilliseconds(2)));
        var clock = Stopwatch.StartNew();

        var answer = await SendAsync();

        answer.Should().EndWith("{\"accepted\":2}");
        clock.ElapsedMilliseconds.Should().BeGreaterThan(2 * answer.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_closes_without_an_answer(bool stored)
    {
        _siem.With(stored ? Fault.Close().Storing() : Fault.Close());

        (await SendAsync()).Should().BeEmpty();

        _siem.Accepted.Should().HaveCount(stored ? 2 : 0);
        _siem.Requests.Single().Status.Should().Be(0);
    }

    [Theory]
    [InlineData("before reading", 0)]
    [InlineData("after reading", 0)]
    [InlineData("after storing", 2)]
    [InlineData("inside the answer", 2)]
    public async Task A_connection_is_reset(string when, int stored)
    {
        _siem.With(when switch
        {
            "before reading" => Fault.Reset().BeforeReading(),
            "after reading" => Fault.Reset(),
            "after storing" => Fault.Reset().Storing(),
            _ => Fault.OnTheWire(Manner.ResetInside),
        });

        var sending = async () => await SendAsync();

        (await sending.Should().ThrowAsync<IOException>()).WithInnerException<SocketException>().Which.SocketErrorCode
            .Should().Be(SocketError.ConnectionReset);
        _siem.Accepted.Should().HaveCount(stored);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_receiver_hangs_until_it_is_disposed_of(bool stored)
    {
        _siem.With(stored ? Fault.Hang().Storing() : Fault.Hang());

        var sending = SendAsync();
        await Until.IsAsync(() => _siem.Requests.Count == 1, "the request is there");

        _siem.Accepted.Should().HaveCount(stored ? 2 : 0);
        sending.IsCompleted.Should().BeFalse();
        _siem.Dispose();
        (await sending).Should().BeEmpty();
    }

    [Fact]
    public async Task A_connection_stays_open_after_half_an_answer()
    {
        _siem.With(Fault.OnTheWire(Manner.Stall));
        using var client = await Sender.ConnectAsync(_siem);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(Sender.Request(_siem, Events)));
        var half = new byte["HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n{\"accep".Length];

        await client.GetStream().ReadExactlyAsync(half);

        Encoding.UTF8.GetString(half).Should().EndWith("{\"accep");
        var more = client.GetStream().ReadAsync(new byte[1]);
        more.IsCompleted.Should().BeFalse();
        _siem.Dispose();
        (await more).Should().Be(0);
    }

    [Fact]
    public async Task An_answer_can_come_before_the_body_was_read()
    {
        _siem.With(Fault.Answer(413, "too large").BeforeReading());
        using var client = await Sender.ConnectAsync(_siem);

        await client.GetStream().WriteAsync("POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"u8.ToArray());
        var head = new byte["HTTP/1.1 413 ".Length];
        await client.GetStream().ReadExactlyAsync(head);

        Encoding.ASCII.GetString(head).Should().Be("HTTP/1.1 413 ");
    }

    [Fact]
    public async Task A_client_that_waits_for_100_Continue_gets_it()
    {
        using var client = await Sender.ConnectAsync(_siem);
        var stream = client.GetStream();

        await stream.WriteAsync(
            "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 11\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n"u8.ToArray());
        var interim = new byte["HTTP/1.1 100 Continue\r\n\r\n".Length];
        await stream.ReadExactlyAsync(interim);
        await stream.WriteAsync("""[{"eid":1}]"""u8.ToArray());

        using var reader = new StreamReader(stream);
        (await reader.ReadToEndAsync()).Should().StartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public void Before_the_body_is_read_no_fault_can_ask_for_ids()
    {
        var scripting = () => _siem.With(Fault.Reset().BeforeReading().Holding("1"));

        scripting.Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task The_test_is_told_what_was_stored_before_the_answer()
    {
        var told = new List<string>();
        _siem.With(Fault.Answer(500).Storing(1));
        _siem.OnAccepted = told.AddRange;

        await SendAsync();

        told.Should().Equal("1");
    }

    Task<string> SendAsync() => Sender.RawAsync(_siem, Sender.Request(_siem, Events));

    async Task<List<int>> StatusesAsync(params string[] bodies)
    {
        var statuses = new List<int>();
        foreach (var body in bodies)
        {
            statuses.Add((await Sender.PostAsync(_siem, body)).Status);
        }

        return statuses;
    }
}
