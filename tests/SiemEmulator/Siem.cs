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
    readonly LoopbackServer _server;
    bool _isDisposed;
    int _failedHandshakes;
    int _count;

    /// <param name="directory">Where accepted events are kept durably, as accepted.ndjson; a second receiver there knows them.</param>
    public Siem(EventReceiver receiver, string? directory = null, TlsKind tls = TlsKind.None)
    {
        _receiver = receiver;
        _store = new Store(directory);
        _receiver.Keep(_store.Events);
        _tls = tls == TlsKind.None ? null : new ServerTls(tls);
        _server = new LoopbackServer(ServeAsync, HandshakeAsync);
    }

    public string Url => $"{(_tls is null ? "http://127.0.0.1" : "https://localhost")}:{_server.Port}{_receiver.Path}";

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

    public int Connections => _server.Connections;

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
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _server.Dispose();
        _store.Dispose();
        _tls?.Dispose();
    }

    async Task<ReplyWriter.End> ServeAsync(Connection connection, CancellationToken stop)
    {
        var end = ReplyWriter.End.None;
        while (end == ReplyWriter.End.None)
        {
            end = await ExchangeAsync(connection.Stream, connection.Reader, stop);
        }

        return end;
    }

    async Task<Stream> HandshakeAsync(Stream connection, CancellationToken stop)
    {
        try
        {
            return _tls is null ? connection : await _tls.AcceptAsync(connection, stop);
        }
        catch (Exception ex) when (ex is IOException or AuthenticationException)
        {
            Interlocked.Increment(ref _failedHandshakes);
            throw;
        }
    }

    async Task<ReplyWriter.End> ExchangeAsync(Stream stream, RequestReader reader, CancellationToken stop)
    {
        try
        {
            if (await reader.HeadAsync(stop) is not { } head)
            {
                return ReplyWriter.End.InOrder;
            }

            if (head.Path == Elsewhere)
            {
                Record(new SiemRequest(head, [], await reader.BodyAsync(head, stop), 200, [], [], "followed a redirect"));
                return await WriteAsync(stream, head, Reply.Json(200, "{}"), null, stop);
            }

            var number = _receiver.IsData(head) ? Interlocked.Increment(ref _count) : 0;
            if (number > 0 && _script.BeforeReading(number) is { } early)
            {
                return await AnswerEarlyAsync(stream, reader, head, early, stop);
            }

            // RFC 9110 §10.1.1
            if (string.Equals(head.Header("Expect"), "100-continue", StringComparison.OrdinalIgnoreCase))
            {
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), stop);
            }

            var received = await reader.BodyAsync(head, stop);
            var (reply, fault) = Judge(number, new Call(head, received, Content.Decoded(head, received)));
            return await WriteAsync(stream, head, reply, fault, stop);
        }
        catch (MalformedRequestException ex)
        {
            Record(new SiemRequest(new Head("? ? ?"), [], [], ex.Status, [], [], ex.Message));
            await ReplyWriter.WriteAsync(
                stream, new Reply(ex.Status, ex.Message, "Connection: close"), Manner.Plain, TimeSpan.Zero, isHead: false, stop);
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

    async Task<ReplyWriter.End> AnswerEarlyAsync(Stream stream, RequestReader reader, Head head, Fault fault, CancellationToken stop)
    {
        var reply = fault.Answering(new Reply(200));
        var isAnswered = fault.Manner is not (Manner.Hang or Manner.Close or Manner.Reset);
        Record(new SiemRequest(head, [], [], isAnswered ? reply.Status : 0, [], [], null));
        var end = await WriteAsync(stream, head, reply with { Headers = [.. reply.Headers, "Connection: close"] }, fault, stop);
        if (end == ReplyWriter.End.None)
        {
            // The body that is still on its way must not turn into an RST that overtakes the answer.
            await reader.DrainAsync(stop);
        }

        return end == ReplyWriter.End.None ? ReplyWriter.End.InOrder : end;
    }

    static async Task<ReplyWriter.End> WriteAsync(Stream stream, Head head, Reply reply, Fault? fault, CancellationToken stop)
    {
        var end = await ReplyWriter.WriteAsync(
            stream, reply, fault?.Manner ?? Manner.Plain, fault?.Pause ?? TimeSpan.Zero, head.Method == "HEAD", stop);
        return end == ReplyWriter.End.None && string.Equals(head.Header("Connection"), "close", StringComparison.OrdinalIgnoreCase)
            ? ReplyWriter.End.InOrder
            : end;
    }

    void Record(SiemRequest request)
    {
        lock (_requests)
        {
            _requests.Add(request);
        }
    }
}
