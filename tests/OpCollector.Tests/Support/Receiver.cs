using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using SiemEmulator.Http;

namespace OpCollector.Tests.Support;

/// <summary>
/// A webhook on a real socket. It answers each request with the next scripted answer, and 200 when there is none left; what it
/// accepted, and every request it saw, is kept.
/// </summary>
internal sealed class Receiver : IDisposable
{
    static readonly Socket Taken = TakePort();

    readonly LoopbackServer _server;
    readonly Queue<Answer> _script = new();
    readonly List<Request> _requests = [];

    public Receiver() => _server = new LoopbackServer(ServeAsync);

    /// <summary>What is answered when the script is at its end.</summary>
    public Answer Otherwise { get; set; } = Answer.Of(200);

    /// <summary>Looks at a body and says what to answer; null for <see cref="Otherwise"/>.</summary>
    public Func<string, Answer?>? Judge { get; set; }

    public string Url => $"{_server.Url}/hook";

    /// <summary>An address as receivers of this format have it.</summary>
    public string At(string format) => Url.Replace("/hook", format switch
    {
        "splunk-hec" => "/services/collector/event",
        "elasticsearch" or "opensearch" => "/onepassword/_bulk",
        _ => "/hook",
    }, StringComparison.Ordinal);

    /// <summary>An address where nobody listens, and nobody will: its port stays taken.</summary>
    public static string Nowhere => $"http://{Taken.LocalEndPoint}/hook";

    /// <summary>How many connections were opened so far; one carries as many requests as the program likes.</summary>
    public int Connections => _server.Connections;

    /// <summary>How many connections it has closed itself.</summary>
    public int Closed { get; private set; }

    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The ids of the events in all requests that were answered with success, in order.</summary>
    public long[] Accepted => [.. Requests.Where(request => request.IsAccepted).SelectMany(request => request.Eids)];

    /// <summary>Scripts the next answers; each is used once.</summary>
    public Receiver Then(params Answer[] answers)
    {
        lock (_script)
        {
            foreach (var answer in answers)
            {
                _script.Enqueue(answer);
            }
        }

        return this;
    }

    /// <summary>From now on every answer is 200.</summary>
    public void ForgetScript()
    {
        lock (_script)
        {
            _script.Clear();
        }
    }

    static Socket TakePort()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    public void Dispose() => _server.Dispose();

    async Task<ReplyWriter.End> ServeAsync(Connection connection, CancellationToken stop)
    {
        try
        {
            return await AnswerAsync(connection, stop);
        }
        catch (MalformedRequestException)
        {
            // The greeting of TLS, for instance: it waits for an answer that does not come.
            await connection.Reader.DrainAsync(stop);
            return ReplyWriter.End.InOrder;
        }
    }

    async Task<ReplyWriter.End> AnswerAsync(Connection connection, CancellationToken stop)
    {
        while (await connection.Reader.HeadAsync(stop) is { } head)
        {
            var bytes = await connection.Reader.BodyAsync(head, stop);
            var body = Encoding.UTF8.GetString(head.IsOf("application/gzip") ? Content.Unzipped(bytes) : Content.Decoded(head, bytes));
            var answer = Next(body);
            lock (_requests)
            {
                _requests.Add(new Request(head, body, answer.Counts));
            }

            await answer.Before(stop);
            if (answer.Bytes.Length > 0)
            {
                await connection.Stream.WriteAsync(answer.Bytes, stop);
            }

            if (answer.Closes)
            {
                connection.Socket.LingerState = new LingerOption(answer.Resets, 0);
                connection.Socket.Close();
                Closed++;
                return answer.Resets ? ReplyWriter.End.Reset : ReplyWriter.End.InOrder;
            }
        }

        return ReplyWriter.End.InOrder;
    }

    Answer Next(string body)
    {
        lock (_script)
        {
            return _script.TryDequeue(out var answer) ? answer : Judge?.Invoke(body) ?? Otherwise;
        }
    }

    /// <summary>One request as it came over the wire, its body unpacked.</summary>
    internal sealed record Request(Head Parsed, string Body, bool IsAccepted)
    {
        public string Head => Parsed.Text;

        public long[] Eids => Body.Length == 0 ? [] : [.. JsonNode.Parse(Body)!.AsArray().Select(each => (long)each!["eid"]!)];

        public string? Header(string name) => Parsed.Header(name);
    }

    /// <summary>What to answer, after what, and whether the events count as accepted.</summary>
    internal sealed record Answer(string Text, bool Counts, bool Closes, Func<CancellationToken, Task> Before)
    {
        public byte[] Bytes { get; init; } = Encoding.UTF8.GetBytes(Text);

        /// <summary>Whether the connection ends with an RST instead of in order.</summary>
        public bool Resets { get; init; }

        public static Answer Of(int status, string body = "", params string[] headers) => new(
            $"HTTP/1.1 {status} x\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}",
            Counts: status is 200 or 201 or 202 or 204,
            Closes: false,
            _ => Task.CompletedTask);

        /// <summary>200 with a body that is packed, although nobody has asked for it.</summary>
        /// <param name="codings">As the answer names them; it is packed once for each gzip among them.</param>
        /// <param name="missing">How many bytes lack at its end: those that are sent are all that are announced.</param>
        public static Answer Packed(string body, string codings, int missing = 0)
        {
            var packed = codings.Split(',').Where(each => each.EndsWith("gzip", StringComparison.Ordinal))
                .Aggregate(Encoding.UTF8.GetBytes(body), (content, _) => Packed(content))[..^missing];
            var head = $"HTTP/1.1 200 OK\r\nContent-Encoding: {codings}\r\nContent-Length: {packed.Length}\r\n\r\n";
            return Of(200) with { Bytes = [.. Encoding.UTF8.GetBytes(head), .. packed] };
        }

        static byte[] Packed(byte[] content)
        {
            using var packed = new MemoryStream();
            using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            {
                gzip.Write(content);
            }

            return packed.ToArray();
        }

        /// <summary>These bytes and no more, then the end of the connection.</summary>
        public static Answer Raw(string text, bool counts = false) => new(text, counts, Closes: true, _ => Task.CompletedTask);

        /// <summary>Takes the events, and closes without a word.</summary>
        public static Answer Silence(bool counts) => Raw("", counts);

        /// <summary>This beginning of an answer, and then nothing more on a connection that stays open.</summary>
        public static Answer Stalled(string text) => new(text, Counts: false, Closes: false, _ => Task.CompletedTask);

        /// <summary>The same answer, but not before the task is done.</summary>
        public Answer After(Func<CancellationToken, Task> before) => this with { Before = before };
    }
}
