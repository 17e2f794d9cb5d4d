using System.Net;
using System.Net.Sockets;
using System.Text;
using OpCollector.Delivery;
using OpCollector.Events;
using OpCollector.Http;
using Serilog.Core;

namespace OpCollector.Tests;

/// <summary>What was never sent is blamed on no event, however long it fails: the receiver has not seen it.</summary>
public sealed class UnsentSpecs : IDisposable
{
    readonly TestConfiguration _written = new();
    readonly TcpListener _server = new(IPAddress.Loopback, 0);
    int _connections;

    public UnsentSpecs() => _server.Start();

    public void Dispose()
    {
        _server.Dispose();
        _written.Dispose();
    }

    [Theory]
    [InlineData("https", "", "", "cannot be reached: ")]
    [InlineData("https", "", null, "did not answer within 1 s")]
    [InlineData("https", "proxy", "", "cannot be reached: ")]
    [InlineData("https", "proxy", null, "did not answer within 1 s")]
    [InlineData("https", "proxy", "nonsense\r\n\r\n", "cannot be reached: the answer is not HTTP")]
    [InlineData("https", "proxy", "HTTP/1.1 200 OK\r\n\r\n", "cannot be reached: ")]
    public async Task A_way_that_breaks_before_anything_is_sent_is_tried_again_and_no_event_is_searched(
        string scheme, string proxy, string? answer, string words)
    {
        _ = ServeAsync(answer);

        var end = await DeliverAsync(scheme, proxy);

        end.Code.Should().Be(ExitCode.HeldUp);
        end.Message.Should().Contain(words).And.Contain("it was to get the events 1 to 2").And.NotContain("none of the events alone");
        _connections.Should().BeGreaterThan(1);
    }

    [Theory]
    [InlineData("", "broke off before its whole answer was there")]
    [InlineData(null, "did not answer within 1 s")]
    public async Task What_breaks_behind_the_events_may_be_about_them(string? answer, string words)
    {
        _ = ServeAsync(answer);

        var end = await DeliverAsync("http", "");

        end.Message.Should().Contain(words).And.Contain("none of the events alone").And.Contain("it was sent the events");
    }

    [Fact]
    public void A_failure_before_anything_was_sent_cannot_be_about_the_events() =>
        Enum.GetValues<HttpRequestError>()
            .Select(error => new HttpFailure(HttpFailureKind.Connection, error, "words") { IsUnsent = true })
            .Append(HttpFailure.FromTimeout(TimeSpan.FromSeconds(1)) with { IsUnsent = true })
            .Select(failure => DeliveryOutcome.FromFailure(failure).MayBeAboutEvents)
            .Should().AllBeEquivalentTo(false);

    async Task<Failure> DeliverAsync(string scheme, string proxy)
    {
        var port = ((IPEndPoint)_server.LocalEndpoint).Port;
        var address = proxy.Length > 0 ? "siem.invalid" : $"localhost:{port}";
        var way = proxy.Length > 0 ? $"\"proxy\": \"http://127.0.0.1:{port}\"," : "";
        using var sink = _written.LoadText($$"""
            { "source": { "type": "op", "op": { "account": "acme", "password": { "env": "P" } } },
              "sink": { "type": "webhook", {{way}} "timeout": "1s", "url": "{{scheme}}://{{address}}/hook" } }
            """).Sink.Open(TimeProvider.System, Logger.None);
        using var limits = RunLimits.Within(TimeSpan.FromSeconds(4), TimeProvider.System);
        // As when the batch has ended three runs.
        var batch = new Batch("audit", [Event(1), Event(2)]) { Search = BlameSearch.OnFailure };
        return (Failure)(await sink.DeliverAsync(batch, limits)).End!;
    }

    static ActivityEvent Event(long eid) => ActivityEvent.Read(Encoding.UTF8.GetBytes($"{{\"eid\":{eid}}}"), EventIdentity.Op).Event!;

    // Reads what comes first, answers, and closes; without an answer it says nothing and waits.
    async Task ServeAsync(string? answer)
    {
        var open = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await _server.AcceptTcpClientAsync();
                open.Add(client);
                Interlocked.Increment(ref _connections);
                _ = await client.GetStream().ReadAsync(new byte[4096]);
                if (answer is not null)
                {
                    await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
                    client.Client.Shutdown(SocketShutdown.Both);
                    client.Dispose();
                }
            }
        }
        catch (Exception ex) when (ex is SocketException or IOException or ObjectDisposedException)
        {
            open.ForEach(each => each.Dispose());
        }
    }
}
