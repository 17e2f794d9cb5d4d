using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using SiemEmulator.Faults;
using SiemEmulator.Http;
using SiemEmulator.Receivers;
using SiemEmulator.Storage;
using SiemEmulator.Tls;

namespace SiemEmulator;

/// <summary>
/// A receiver on a real socket of the loopback interface: it takes events as its vendor would, keeps what it accepted, and misbehaves
/// as scripted.
/// </summary>
internal sealed class Siem : IDisposable
{
    /// <summary>Where redirects lead; a request that comes here followed one.</summary>
    public const string Elsewhere = "/elsewhere";

    readonly EventReceiver _receiver;
    readonly Store _store;
    readonly ServerTls? _tls;
    readonly Script _script = new();
    readonly List<SiemRequest> _requests = [];
    readonly Lock _judging = new();
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Task _accepting;
    int _connections;
    int _failedHandshakes;
    int _count;

    /// <param name="directory">Where accepted events are kept durably, as accepted.ndjson; a second receiver there knows them.</param>
    public Siem(EventReceiver receiver, string? directory = null, TlsKind tls = TlsKind.None)
    {
        _receiver = receiver;
        _store = new Store(directory);
        _receiver.Keep(_store.Events);
        _tls = tls == TlsKind.None ? null : new ServerTls(tls);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"{(_tls is null ? "http://127.0.0.1" : "https://localhost")}:{((IPEndPoint)_listener.LocalEndpoint).Port}{_receiver.Path}";

    /// <summary>The files with which a client is configured for the receiver's TLS.</summary>
    public TlsFiles Tls => _tls?.Files ?? throw new InvalidOperationException("This receiver has no TLS");

    /// <summary>The ids of the accepted events in their order, repetitions included.</summary>
    public IReadOnlyList<string> Accepted => [.. _store.Events.Select(each => each.Id)];

    /// <summary>The accepted events as they came.</summary>
    public IReadOnlyList<SiemEvent> Events => _store.Events;

    public IReadOnlyList<SiemRequest> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The requests that followed a redirect.</summary>
    public IReadOnlyList<SiemRequest> Followed => [.. Requests.Where(request => request.Head.Path == Elsewhere)];

    /// <summary>Why the receiver refused what, scripted faults apart: empty when every request was as the vendor wants it.</summary>
    public IReadOnlyList<string> Refusals => [.. Requests.Select(request => request.Refusal).OfType<string>()];

    public int Connections => Volatile.Read(ref _connections);

    public int FailedHandshakes => Volatile.Read(ref _failedHandshakes);

    /// <summary>Called with the ids of what has just been stored, before the answer.</summary>
    public Action<IReadOnlyList<string>>? OnAccepted { get; set; }

    public Siem With(params IReadOnlyList<Fault> faults)
    {
        foreach (var fault in faults)
        {
            _script.Add(fault);
        }

        return this;
    }

    /// <summary>From now on nothing goes wrong any more.</summary>
    public void Recover() => _script.Clear();

    public void Dispose()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        _stop.Cancel();
        _accepting.Wait(TimeSpan.FromSeconds(5));
        _listener.Dispose();
        _store.Dispose();
        _tls?.Dispose();
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
        using var connection = socket;
        socket.NoDelay = true;
        try
        {
            await using var stream = await HandshakeAsync(new NetworkStream(socket));
            var reader = new RequestReader(stream);
            var end = ReplyWriter.End.None;
            while (end == ReplyWriter.End.None)
            {
                end = await ExchangeAsync(stream, reader);
            }

            socket.LingerState = new LingerOption(end == ReplyWriter.End.Reset, 0);
            if (end == ReplyWriter.End.Reset)
            {
                socket.Close(0);
            }
        }
        catch (Exception ex) when (ex is IOException or OperationCanceledException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The program went away, or the test is over.
        }
    }

    async Task<Stream> HandshakeAsync(NetworkStream connection)
    {
        try
        {
            return _tls is null ? connection : await _tls.AcceptAsync(connection, _stop.Token);
        }
        catch (Exception ex) when (ex is IOException or AuthenticationException)
        {
            Interlocked.Increment(ref _failedHandshakes);
            throw;
        }
    }

    async Task<ReplyWriter.End> ExchangeAsync(Stream stream, RequestReader reader)
    {
        try
        {
            if (await reader.HeadAsync(_stop.Token) is not { } head)
            {
                return ReplyWriter.End.InOrder;
            }

            if (head.Path == Elsewhere)
            {
                Record(new SiemRequest(head, [], await reader.BodyAsync(head, _stop.Token), 200, [], [], "followed a redirect"));
                return await WriteAsync(stream, head, Reply.Json(200, "{}"), null);
            }

            var number = _receiver.IsData(head) ? Interlocked.Increment(ref _count) : 0;
            if (number > 0 && _script.BeforeReading(number) is { } early)
            {
                return await AnswerEarlyAsync(stream, reader, head, early);
            }

            // RFC 9110 §10.1.1
            if (string.Equals(head.Header("Expect"), "100-continue", StringComparison.OrdinalIgnoreCase))
            {
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), _stop.Token);
            }

            var received = await reader.BodyAsync(head, _stop.Token);
            var (reply, fault) = Judge(number, new Call(head, received, Content.Decoded(head, received)));
            return await WriteAsync(stream, head, reply, fault);
        }
        catch (MalformedRequestException ex)
        {
            Record(new SiemRequest(new Head("? ? ?"), [], [], ex.Status, [], [], ex.Message));
            await ReplyWriter.WriteAsync(stream, new Reply(ex.Status, ex.Message, "Connection: close"), Manner.Plain, TimeSpan.Zero, isHead: false, _stop.Token);
            return ReplyWriter.End.InOrder;
        }
    }

    (Reply Reply, Fault? Fault) Judge(int number, Call call)
    {
        IReadOnlyList<string> stored;
        Reply reply;
        Fault? fault;
        lock (_judging)
        {
            var judgement = _receiver.Judge(call);
            IReadOnlyList<string> ids = [.. judgement.Events.Select(each => each.Id)];
            fault = number > 0 ? _script.After(number, ids) : null;
            reply = fault?.Answering(judgement.Reply) ?? judgement.Reply;
            IReadOnlyList<SiemEvent> kept = [.. judgement.Kept.Take(fault?.Stored ?? int.MaxValue)];
            if (kept.Count > 0)
            {
                _store.Add(kept);
                _receiver.Keep(kept);
            }

            stored = [.. kept.Select(each => each.Id)];
            var isAnswered = fault?.Manner is not (Manner.Hang or Manner.Close or Manner.Reset);
            Record(new SiemRequest(call.Head, call.Received, call.Body, isAnswered ? reply.Status : 0, ids, stored, judgement.Refusal));
        }

        if (stored.Count > 0)
        {
            OnAccepted?.Invoke(stored);
        }

        return (reply, fault);
    }

    async Task<ReplyWriter.End> AnswerEarlyAsync(Stream stream, RequestReader reader, Head head, Fault fault)
    {
        var reply = fault.Answering(new Reply(200));
        var isAnswered = fault.Manner is not (Manner.Hang or Manner.Close or Manner.Reset);
        Record(new SiemRequest(head, [], [], isAnswered ? reply.Status : 0, [], [], null));
        var end = await WriteAsync(stream, head, reply with { Headers = [.. reply.Headers, "Connection: close"] }, fault);
        if (end == ReplyWriter.End.None)
        {
            // The body that is still on its way must not turn into an RST that overtakes the answer.
            await reader.DrainAsync(_stop.Token);
        }

        return end == ReplyWriter.End.None ? ReplyWriter.End.InOrder : end;
    }

    async Task<ReplyWriter.End> WriteAsync(Stream stream, Head head, Reply reply, Fault? fault)
    {
        var end = await ReplyWriter.WriteAsync(stream, reply, fault?.Manner ?? Manner.Plain, fault?.Pause ?? TimeSpan.Zero, head.Method == "HEAD", _stop.Token);
        return end == ReplyWriter.End.None && string.Equals(head.Header("Connection"), "close", StringComparison.OrdinalIgnoreCase) ? ReplyWriter.End.InOrder : end;
    }

    void Record(SiemRequest request)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }
    }
}
