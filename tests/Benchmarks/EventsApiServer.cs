using System.Globalization;
using System.Text;
using EventsApiEmulator;
using SiemEmulator.Http;

namespace Benchmarks;

/// <summary>
/// An Events API that costs next to nothing: audit events, 500 on each page, ten seconds apart. It is asked by the number of the
/// page; what the real one is strict about is the emulator's business.
/// </summary>
internal sealed class EventsApiServer : IDisposable
{
    const int PageSize = 500;
    const int MostKept = 200_000;
    static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    readonly LoopbackServer _server;
    readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    readonly Dictionary<int, byte[]> _pages = [];
    int _events;

    public EventsApiServer() => _server = new LoopbackServer(ServeAsync);

    public string Address => _server.Authority;

    /// <summary>How many events it holds; as many as a host may keep in memory are made beforehand.</summary>
    public void Hold(int events)
    {
        (_events, var pages) = (events, events <= MostKept ? (events + PageSize - 1) / PageSize : 0);
        _pages.Clear();
        for (var page = 0; page < pages; page++)
        {
            _pages[page] = Make(page);
        }
    }

    public void Dispose() => _server.Dispose();

    async Task<ReplyWriter.End> ServeAsync(SiemEmulator.Http.Connection connection, CancellationToken stop)
    {
        while (await connection.Reader.HeadAsync(stop) is { } head)
        {
            var body = await connection.Reader.BodyAsync(head, stop);
            var isAboutToken = head.Path.Contains("introspect", StringComparison.Ordinal);
            await connection.Stream.WriteAsync(
                isAboutToken ? Answer("""{"features":["auditevents"]}""") : Page(Encoding.UTF8.GetString(body)), stop);
        }

        return ReplyWriter.End.InOrder;
    }

    byte[] Page(string body)
    {
        // {"cursor":"12"}, with or without blanks; anything else begins.
        var number = body.Contains("\"cursor\"", StringComparison.Ordinal)
            ? int.Parse(body.Split('"')[3], CultureInfo.InvariantCulture)
            : 0;
        return _pages.TryGetValue(number, out var page) ? page : Make(number);
    }

    byte[] Make(int page)
    {
        var items = Enumerable.Range(page * PageSize, Math.Clamp(_events - (page * PageSize), 0, PageSize))
            .Select(number => Samples.Of("auditevents", Samples.Uuid($"{number}"), _now - ((_events - number) * Step), number));
        var next = Math.Min(page + 1, (_events + PageSize - 1) / PageSize);
        return Answer(
            $$"""{"cursor":"{{next}}","has_more":{{(next * PageSize < _events ? "true" : "false")}},"items":[{{string.Join(',', items)}}]}""");
    }

    static byte[] Answer(string body) =>
        Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
