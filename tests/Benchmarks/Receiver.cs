using System.Net;
using System.Net.Sockets;

namespace Benchmarks;

/// <summary>A webhook that takes a request whole, counts its events, and answers 200 at once; connections are kept alive.</summary>
internal sealed class Receiver : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    long _events;

    public Receiver()
    {
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public long Events => Interlocked.Read(ref _events);

    public void Reset() => Interlocked.Exchange(ref _events, 0);

    public void Dispose() => _listener.Dispose();

    void Accept()
    {
        try
        {
            while (true)
            {
                var connection = _listener.AcceptSocket();
                connection.NoDelay = true;
                new Thread(() => Serve(connection)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // The benchmark is over.
        }
    }

    void Serve(Socket socket)
    {
        using var connection = new Connection(socket);
        try
        {
            while (connection.ReadBody() is { } events)
            {
                Interlocked.Add(ref _events, events);
                connection.Answer();
            }
        }
        catch (SocketException)
        {
            // Whoever was measured went away; what counts is what was received whole.
        }
    }
}
