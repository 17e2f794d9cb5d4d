using System.Net;
using System.Net.Sockets;
using System.Text;
using SiemEmulator.Http;

namespace OpCollector.Tests.Support;

/// <summary>A proxy that opens a way to one port of this host, whatever host it is asked for; or that refuses.</summary>
internal sealed class Tunnel : IDisposable
{
    readonly LoopbackServer _server;
    readonly List<string> _asked = [];
    readonly int _port;

    public Tunnel(int port)
    {
        _port = port;
        _server = new LoopbackServer(ServeAsync);
    }

    public string Url => _server.Url;

    /// <summary>The status with which it refuses; null where it does not.</summary>
    public int? Refusal { get; set; }

    /// <summary>What it was asked for: CONNECT and the host with its port.</summary>
    public IReadOnlyList<string> Asked
    {
        get
        {
            lock (_asked)
            {
                return [.. _asked];
            }
        }
    }

    public void Dispose() => _server.Dispose();

    async Task<ReplyWriter.End> ServeAsync(Connection connection, CancellationToken stop)
    {
        if (await connection.Reader.HeadAsync(stop) is not { } head)
        {
            return ReplyWriter.End.InOrder;
        }

        lock (_asked)
        {
            _asked.Add($"{head.Method} {head.Target}");
        }

        await connection.Stream.WriteAsync(
            Encoding.ASCII.GetBytes($"HTTP/1.1 {Refusal ?? 200} x\r\n{(Refusal is null ? "" : "Content-Length: 0\r\n")}\r\n"), stop);
        if (Refusal is not null)
        {
            return ReplyWriter.End.InOrder;
        }

        using var other = new TcpClient();
        await other.ConnectAsync(IPAddress.Loopback, _port, stop);
        await using var there = other.GetStream();
        await Task.WhenAny(connection.Stream.CopyToAsync(there, stop), there.CopyToAsync(connection.Stream, stop));
        return ReplyWriter.End.InOrder;
    }
}
