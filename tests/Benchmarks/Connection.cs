using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Benchmarks;

/// <summary>One connection to the receiver: just enough HTTP to take a POST and to answer it.</summary>
internal sealed class Connection(Socket socket) : IDisposable
{
    static readonly byte[] Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    byte[] _buffer = new byte[64 * 1024];
    int _length;

    /// <summary>Reads the next request to its end.</summary>
    /// <returns>How many events it held; null when there is no further request.</returns>
    public int? ReadBody()
    {
        int head;
        while ((head = Held.IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!Receive())
            {
                return null;
            }
        }

        var end = head + 4 + ContentLength(Held[..head]);
        while (_length < end)
        {
            if (!Receive())
            {
                return null;
            }
        }

        // Each event has one of these, whoever wrote it; Python writes a space after the colon.
        var body = Held[head..end];
        var events = body.Count("{\"eid\":"u8) + body.Count("\"timestamp\":"u8) + body.Count("\"class_uid\":"u8);
        Held[end..].CopyTo(_buffer);
        _length -= end;
        return events;
    }

    public void Answer() => socket.Send(Ok);

    public void Dispose() => socket.Dispose();

    Span<byte> Held => _buffer.AsSpan(0, _length);

    bool Receive()
    {
        if (_length == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        var received = socket.Receive(_buffer.AsSpan(_length));
        _length += received;
        return received > 0;
    }

    static int ContentLength(ReadOnlySpan<byte> head) => Encoding.ASCII.GetString(head).Split("\r\n")
        .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        .Select(line => int.Parse(line[15..], CultureInfo.InvariantCulture))
        .First();
}
