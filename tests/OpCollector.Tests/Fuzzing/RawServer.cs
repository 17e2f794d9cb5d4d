using System.Net;
using System.Net.Sockets;
using System.Text;
using OpCollector.Sources;
using SiemEmulator.Http;

namespace OpCollector.Tests.Fuzzing;

/// <summary>An HTTP server on a real socket that answers each request with whatever bytes it is told to.</summary>
internal sealed class RawServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Func<Head, byte[], RawAnswer> _answer;
    readonly Task _accepting;

    public RawServer(Func<Head, byte[], RawAnswer> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public void Dispose()
    {
        _stop.Cancel();
        _accepting.Wait(TimeSpan.FromSeconds(5));
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            // The case is over.
        }
    }

    async Task ServeAsync(Socket socket)
    {
        using var connection = socket;
        socket.NoDelay = true;
        try
        {
            await using var stream = new NetworkStream(socket);
            var reader = new RequestReader(stream);
            while (await reader.HeadAsync(_stop.Token) is { } head)
            {
                var answer = _answer(head, await reader.BodyAsync(head, _stop.Token));
                await stream.WriteAsync(answer.Bytes, _stop.Token);
                if (answer.Closes)
                {
                    socket.Shutdown(SocketShutdown.Send);
                    await reader.DrainAsync(_stop.Token);
                    return;
                }
            }
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or SocketException or ObjectDisposedException or MalformedRequestException)
        {
            // The program went away, or the case is over.
        }
    }
}

/// <summary>What goes over the wire, whatever it is.</summary>
/// <param name="Closes">Whether the connection ends with it: the end of what is framed wrong must be known somehow.</param>
internal sealed record RawAnswer(byte[] Bytes, bool Closes)
{
    /// <summary>What stands behind the header, where it is a proper answer.</summary>
    public byte[] Body { get; private init; } = [];

    /// <summary>Whether it is meant as a page of events.</summary>
    public bool IsPage { get; init; }

    /// <summary>A proper answer with this body.</summary>
    public static RawAnswer Of(int status, byte[] body, string headers = "Content-Type: application/json\r\n") =>
        new([.. Encoding.Latin1.GetBytes($"HTTP/1.1 {status} x\r\nContent-Length: {body.Length}\r\n{headers}\r\n"), .. body], Closes: false) { Body = body };

    public static RawAnswer Of(int status, string body = "", string headers = "Content-Type: application/json\r\n") => Of(status, Encoding.UTF8.GetBytes(body), headers);
}
