using System.Globalization;
using System.Text;
using SiemEmulator.Faults;

namespace SiemEmulator.Http;

/// <summary>Writes answers, rightly and in every wrong way.</summary>
internal static class ReplyWriter
{
    /// <summary>Whether the connection can carry another request, and how it ends if not.</summary>
    internal enum End
    {
        None,
        InOrder,
        Reset,
    }

    public static async Task<End> WriteAsync(Stream stream, Reply reply, Manner manner, TimeSpan pause, bool isHead, CancellationToken stop)
    {
        var content = reply.Content;
        var body = isHead ? [] : content;
        var half = body[..(body.Length / 2)];
        var whole = Whole(reply, body, content.Length);
        switch (manner)
        {
            case Manner.Chunked:
                await stream.WriteAsync(
                    Joined(reply.Head("Transfer-Encoding: chunked"), Chunk(half), Chunk(body[half.Length..]), Chunk([])), stop);
                return End.None;
            case Manner.CloseDelimited:
                await stream.WriteAsync(Joined(reply.Head("Connection: close"), body), stop);
                return End.InOrder;
            case Manner.Interim:
                await stream.WriteAsync(
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"u8.ToArray(), stop);
                goto default;
            case Manner.Slow:
                foreach (var each in whole)
                {
                    await stream.WriteAsync(new[] { each }, stop);
                    await Task.Delay(pause, stop);
                }

                return End.None;
            case Manner.Hang:
                await Task.Delay(Timeout.Infinite, stop);
                return End.InOrder;
            case Manner.Stall:
                await stream.WriteAsync(whole.AsMemory(0, whole.Length - body.Length + half.Length), stop);
                await Task.Delay(Timeout.Infinite, stop);
                return End.InOrder;
            case Manner.ShortLength:
                await stream.WriteAsync(whole.AsMemory(0, whole.Length - body.Length + half.Length), stop);
                return End.InOrder;
            case Manner.ShortChunks:
                await stream.WriteAsync(Joined(reply.Head("Transfer-Encoding: chunked"), Chunk(half)), stop);
                return End.InOrder;
            case Manner.HalfBody:
                await stream.WriteAsync(Joined(reply.Head("Connection: close"), half), stop);
                return End.InOrder;
            case Manner.Close:
                return End.InOrder;
            case Manner.Reset:
                return End.Reset;
            case Manner.ResetInside:
                await stream.WriteAsync(whole.AsMemory(0, whole.Length / 2), stop);
                return End.Reset;
            default:
                await stream.WriteAsync(whole, stop);
                return End.None;
        }
    }

    // RFC 9110 §15.3.5 and §15.4.5: these two have no body, and 204 no length either (RFC 9110 §8.6).
    static byte[] Whole(Reply reply, byte[] body, int length) => reply.Status is 204 or 304
        ? reply.Head()
        : Joined(reply.Head(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {length}")), body);

    static byte[] Chunk(byte[] bytes) =>
        Joined(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{bytes.Length:x}\r\n")), bytes, "\r\n"u8.ToArray());

    // In one piece: a head and a body that are sent one after the other may wait for each other.
    static byte[] Joined(params byte[][] parts)
    {
        var joined = new byte[parts.Sum(part => part.Length)];
        var length = 0;
        foreach (var part in parts)
        {
            part.CopyTo(joined, length);
            length += part.Length;
        }

        return joined;
    }
}
