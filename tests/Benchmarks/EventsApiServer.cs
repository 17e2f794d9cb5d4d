using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EventsApiEmulator;
using SiemEmulator.Http;

namespace Benchmarks;

/// <summary>
/// An Events API that costs next to nothing: audit events, as many on each page as are asked for, ten seconds apart. What the real one is
/// strict about is the emulator's business.
/// </summary>
internal sealed partial class EventsApiServer : IDisposable
{
    // What the real one gives where nothing is asked for.
    const int UsualPage = 100;
    const int MostKept = 200_000;
    static readonly TimeSpan Step = TimeSpan.FromSeconds(10);

    readonly LoopbackServer _server;
    readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    readonly ConcurrentDictionary<(int First, int Size), byte[]> _pages = [];
    int _events;

    public EventsApiServer() => _server = new LoopbackServer(ServeAsync);

    public string Address => _server.Authority;

    /// <summary>How long it takes for each answer.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>How many events it holds; pages are kept, as long as a host may keep them in memory, so that they are made once.</summary>
    public void Hold(int events)
    {
        _events = events;
        _pages.Clear();
    }

    public void Dispose() => _server.Dispose();

    async Task<ReplyWriter.End> ServeAsync(SiemEmulator.Http.Connection connection, CancellationToken stop)
    {
        while (await connection.Reader.HeadAsync(stop) is { } head)
        {
            var body = await connection.Reader.BodyAsync(head, stop);
            var isAboutToken = head.Path.Contains("introspect", StringComparison.Ordinal);
            await Task.Delay(Latency, stop);
            await connection.Stream.WriteAsync(
                isAboutToken ? Answer("""{"features":["auditevents"]}""") : Page(Encoding.UTF8.GetString(body)), stop);
        }

        return ReplyWriter.End.InOrder;
    }

    // {"cursor":"12000-1000"} goes on behind so many events, with so many on each page; anything else begins.
    byte[] Page(string body)
    {
        var place = CursorText().Match(body) is { Success: true } cursor
            ? (Number(cursor.Groups[1]), Number(cursor.Groups[2]))
            : (0, LimitText().Match(body) is { Success: true } limit ? Number(limit.Groups[1]) : UsualPage);
        return _events <= MostKept ? _pages.GetOrAdd(place, Make) : Make(place);
    }

    byte[] Make((int First, int Size) page)
    {
        var end = Math.Min(page.First + page.Size, _events);
        var items = Enumerable.Range(page.First, Math.Max(0, end - page.First))
            .Select(number => Samples.Of("auditevents", Samples.Uuid($"{number}"), _now - ((_events - number) * Step), number));
        var hasMore = end < _events ? "true" : "false";
        return Answer($$"""{"cursor":"{{end}}-{{page.Size}}","has_more":{{hasMore}},"items":[{{string.Join(',', items)}}]}""");
    }

    static int Number(Group digits) => int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("\"cursor\": ?\"([0-9]+)-([0-9]+)\"")]
    private static partial Regex CursorText();

    [GeneratedRegex("\"limit\": ?([0-9]+)")]
    private static partial Regex LimitText();

    static byte[] Answer(string body) =>
        Encoding.UTF8.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
