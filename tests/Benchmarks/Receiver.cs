using SiemEmulator.Http;

namespace Benchmarks;

/// <summary>A webhook that takes a request whole, counts its events, and answers 200; connections are kept alive.</summary>
internal sealed class Receiver : IDisposable
{
    readonly LoopbackServer _server;
    long _events;

    public Receiver() => _server = new LoopbackServer(ServeAsync);

    public string Address => _server.Authority;

    public long Events => Interlocked.Read(ref _events);

    /// <summary>How long it takes for each answer.</summary>
    public TimeSpan Latency { get; set; }

    public void Reset() => Interlocked.Exchange(ref _events, 0);

    public void Dispose() => _server.Dispose();

    // On a thread of its own, for reading costs less when it may wait.
    Task<ReplyWriter.End> ServeAsync(SiemEmulator.Http.Connection opened, CancellationToken stop) => Task.Factory.StartNew(
        () =>
        {
            using var connection = new Connection(opened.Socket);
            using var closing = stop.Register(opened.Socket.Dispose);
            while (connection.ReadBody() is { } events)
            {
                Interlocked.Add(ref _events, events);
                stop.WaitHandle.WaitOne(Latency);
                connection.Answer();
            }

            return ReplyWriter.End.InOrder;
        },
        stop,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
