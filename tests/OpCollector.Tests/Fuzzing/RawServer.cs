using System.Text;
using SiemEmulator.Http;

namespace OpCollector.Tests.Fuzzing;

/// <summary>An HTTP server on a real socket that answers each request with whatever bytes it is told to.</summary>
internal sealed class RawServer : IDisposable
{
    readonly LoopbackServer _server;
    readonly Func<Head, byte[], RawAnswer> _answer;

    public RawServer(Func<Head, byte[], RawAnswer> answer)
    {
        _answer = answer;
        _server = new LoopbackServer(ServeAsync);
    }

    public string Url => _server.Url;

    public void Dispose() => _server.Dispose();

    async Task<ReplyWriter.End> ServeAsync(Connection connection, CancellationToken stop)
    {
        while (await connection.Reader.HeadAsync(stop) is { } head)
        {
            var answer = _answer(head, await connection.Reader.BodyAsync(head, stop));
            await connection.Stream.WriteAsync(answer.Bytes, stop);
            if (answer.Closes)
            {
                await connection.FinishAsync(stop);
                break;
            }
        }

        return ReplyWriter.End.InOrder;
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
        new(
            [.. Encoding.Latin1.GetBytes($"HTTP/1.1 {status} x\r\nContent-Length: {body.Length}\r\n{headers}\r\n"), .. body],
            Closes: false)
        { Body = body };

    public static RawAnswer Of(int status, string body = "", string headers = "Content-Type: application/json\r\n") =>
        Of(status, Encoding.UTF8.GetBytes(body), headers);
}
