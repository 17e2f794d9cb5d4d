using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>
/// A webhook on a real socket. It answers each request with the next scripted answer, and 200 when there is none left; what it
/// accepted, and every request it saw, is kept.
/// </summary>
internal sealed class Receiver : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Queue<Answer> _script = new();
    readonly List<Request> _requests = [];
    readonly Task _accepting;

    public Receiver()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What is answered when the script is at its end.</summary>
    public Answer Otherwise { get; set; } = Answer.Of(200);

    /// <summary>Looks at a body and says what to answer; null for <see cref="Otherwise"/>.</summary>
    public Func<string, Answer?>? Judge { get; set; }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook";

    /// <summary>An address as receivers of this format have it.</summary>
    public string At(string format) => Url.Replace("/hook", format switch
    {
        "splunk-hec" => "/services/collector/event",
        "elasticsearch" or "opensearch" => "/onepassword/_bulk",
        _ => "/hook",
    }, StringComparison.Ordinal);

    /// <summary>An address where nobody listens.</summary>
    public static string Nowhere
    {
        get
        {
            using var gone = new Receiver();
            return gone.Url;
        }
    }

    /// <summary>How many connections were opened so far; one carries as many requests as the program likes.</summary>
    public int Connections { get; private set; }

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
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                _ = ServeAsync(client);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using var stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { Length: > 0 } head)
            {
                var length = head.Split('\n')
                    .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                    .Select(line => int.Parse(line[15..], System.Globalization.CultureInfo.InvariantCulture))
                    .FirstOrDefault();
                var bytes = new byte[length];
                await stream.ReadExactlyAsync(bytes, _stop.Token);
                var body = Encoding.UTF8.GetString(head.Contains("Content-Encoding: gzip", StringComparison.OrdinalIgnoreCase) ? Unpacked(bytes) : bytes);
                var answer = Next(body);
                lock (_requests)
                {
                    _requests.Add(new Request(head, body, answer.Counts));
                }

                await answer.Before(_stop.Token);
                if (answer.Text.Length > 0)
                {
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(answer.Text), _stop.Token);
                }

                if (answer.Closes)
                {
                    client.LingerState = new LingerOption(answer.Resets, 0);
                    client.Close();
                    Closed++;
                    return;
                }
            }
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The program went away; that is what some tests are about.
        }
    }

    static byte[] Unpacked(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    Answer Next(string body)
    {
        lock (_script)
        {
            return _script.TryDequeue(out var answer) ? answer : Judge?.Invoke(body) ?? Otherwise;
        }
    }

    async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return "";
            }

            head.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. head]);
    }

    /// <summary>One request as it came over the wire, its body unpacked.</summary>
    internal sealed record Request(string Head, string Body, bool IsAccepted)
    {
        public long[] Eids => Body.Length == 0 ? [] : [.. JsonNode.Parse(Body)!.AsArray().Select(each => (long)each!["eid"]!)];

        public string? Header(string name) => Head.Split("\r\n")
            .Where(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))
            .Select(line => line[(name.Length + 1)..].Trim())
            .FirstOrDefault();
    }

    /// <summary>What to answer, after what, and whether the events count as accepted.</summary>
    internal sealed record Answer(string Text, bool Counts, bool Closes, Func<CancellationToken, Task> Before)
    {
        /// <summary>Whether the connection ends with an RST instead of in order.</summary>
        public bool Resets { get; init; }

        public static Answer Of(int status, string body = "", params string[] headers) => new(
            $"HTTP/1.1 {status} x\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n{body}",
            Counts: status is 200 or 201 or 202 or 204,
            Closes: false,
            _ => Task.CompletedTask);

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
