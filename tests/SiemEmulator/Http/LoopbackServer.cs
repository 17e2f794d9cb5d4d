using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace SiemEmulator.Http;

/// <summary>
/// A server on a real socket of the loopback interface: it listens, serves each connection beside the others, over TLS where that is
/// wanted, and stops with all of them. What is said on a connection is its owner's business.
/// </summary>
internal sealed class LoopbackServer : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Func<Connection, CancellationToken, Task<ReplyWriter.End>> _serve;
    readonly Func<Stream, CancellationToken, Task<Stream>> _secure;
    readonly Task _accepting;
    int _connections;

    /// <param name="serve">Says all that is to be said on a connection, and how it ends.</param>
    /// <param name="secure">Makes the connection safe first; none for plain HTTP.</param>
    public LoopbackServer(
        Func<Connection, CancellationToken, Task<ReplyWriter.End>> serve,
        Func<Stream, CancellationToken, Task<Stream>>? secure = null)
    {
        _serve = serve;
        _secure = secure ?? ((stream, _) => Task.FromResult(stream));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Authority => $"127.0.0.1:{Port}";

    public string Url => $"http://{Authority}";

    /// <summary>How many connections were opened so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _accepting.Wait(TimeSpan.FromSeconds(5));
        _listener.Dispose();
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                serving.RemoveAll(each => each.IsCompletedSuccessfully);
                serving.Add(ServeAsync(socket));
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }

        await Task.WhenAll(serving);
    }

    async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        using var open = socket;
        socket.NoDelay = true;
        try
        {
            await using var stream = await _secure(new NetworkStream(socket), _stop.Token);
            var end = await _serve(new Connection(socket, stream), _stop.Token);
            socket.LingerState = new LingerOption(end == ReplyWriter.End.Reset, 0);
            if (end == ReplyWriter.End.Reset)
            {
                socket.Close(0);
            }
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or SocketException or ObjectDisposedException
            or AuthenticationException or MalformedRequestException)
        {
            // The program went away, or the test is over.
        }
    }
}

/// <summary>What a client has opened.</summary>
internal sealed class Connection(Socket socket, Stream stream)
{
    public Socket Socket => socket;

    public Stream Stream => stream;

    public RequestReader Reader { get; } = new(stream);

    /// <summary>Says no more, and hears the client out: bytes that nobody reads would turn the end into an RST.</summary>
    public async Task FinishAsync(CancellationToken stop)
    {
        socket.Shutdown(SocketShutdown.Send);
        await Reader.DrainAsync(stop);
    }
}
