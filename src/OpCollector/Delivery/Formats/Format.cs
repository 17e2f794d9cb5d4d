using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Delivery.Formats;

/// <summary>
/// What a kind of receiver wants to see and how it answers: it writes each event, judges an answer, and asks what can be known without an
/// event.
/// </summary>
/// <param name="limit">The most that one request may hold.</param>
/// <param name="success">The statuses that say that the receiver has the events.</param>
internal abstract class Format(string name, string contentType, RequestLimit limit, IReadOnlyList<int> success)
{
    public string Name => name;

    public string ContentType => contentType;

    /// <summary>The most events in one request.</summary>
    public int MostEvents { get; } = limit.Events;

    /// <summary>The most bytes in one request, before compression.</summary>
    public int MostBytes { get; } = limit.Bytes;

    /// <summary>The statuses that say that the receiver has the events.</summary>
    public IReadOnlyList<int> Success => success;

    /// <summary>The headers of each request that belong to the format.</summary>
    public virtual IReadOnlyList<(string Name, string Value)> Headers => [];

    /// <summary>A request without an event, which shows whether the receiver knows us; null where none would show it.</summary>
    public virtual ReadOnlyMemory<byte>? Nothing => (byte[])[.. Open, .. Close];

    /// <summary>What is before the events of a request.</summary>
    protected byte[] Open { get; init; } = [];

    /// <summary>What is between two of them.</summary>
    protected byte[] Between { get; init; } = [];

    /// <summary>What is after them.</summary>
    protected byte[] Close { get; init; } = [];

    /// <summary>The body of a request with all events of <paramref name="batch"/>.</summary>
    public ReadOnlyMemory<byte> Body(Batch batch)
    {
        var body = new ArrayBufferWriter<byte>(batch.Events.Sum(SizeOf) + Open.Length + Close.Length + 1);
        var before = Open;
        foreach (var each in batch.Events)
        {
            body.Write(before);
            Write(body, each);
            before = Between;
        }

        body.Write(Close);
        return body.WrittenMemory;
    }

    /// <summary>The batch in requests that the receiver takes: in order, none larger than that but for a single event.</summary>
    public IEnumerable<Batch> Cut(Batch batch, int mostBytes) => batch.Cut(MostEvents, mostBytes - Open.Length - Close.Length, SizeOf);

    /// <summary>Pure: the meaning of an answer to the request that carried <paramref name="events"/>.</summary>
    public abstract DeliveryOutcome Judge(HttpAnswer answer, IReadOnlyList<ActivityEvent> events, DateTimeOffset now);

    /// <exception cref="Failure">The format cannot do at this address what the configuration asks for (78).</exception>
    public virtual void RefuseAddress(Uri url)
    {
    }

    /// <summary>What has become of events that were accepted with <paramref name="answer"/>, where that shows only later.</summary>
    /// <param name="budget">How long the delivery may still take.</param>
    public virtual Task<DeliveryOutcome> ConfirmAsync(
        DeliveryOutcome accepted, HttpAnswer answer, WebhookConnection connection, Uri url, TimeBudget budget, RunLimits limits) =>
        Task.FromResult(accepted);

    /// <summary>
    /// What can be known of the receiver at <paramref name="url"/> without an event, each as the end of a sentence that begins with it;
    /// <see cref="Verdict.Accepted"/> also where it says nothing.
    /// </summary>
    public virtual async IAsyncEnumerable<DeliveryOutcome> AskAsync(
        WebhookConnection connection, Uri url, [EnumeratorCancellation] CancellationToken ct)
    {
        var result = await connection.AskAsync(HttpMethod.Head, url, ct);
        yield return !result.Succeeded(out var answer, out var failure) ? failure : new DeliveryOutcome(
            Verdict.Accepted,
            $"reachable (answered {answer.Status} to a HEAD request, which delivers nothing and proves no more)");
    }

    /// <summary>How many bytes there are around an event at most.</summary>
    protected virtual int SizeAround(ActivityEvent item) => 0;

    protected virtual void Write(ArrayBufferWriter<byte> body, ActivityEvent item) => body.Write(item.Sent.Span);

    protected static void Write(ArrayBufferWriter<byte> body, string text) => Encoding.UTF8.GetBytes(text, body);

    /// <summary>What the status says.</summary>
    protected DeliveryOutcome JudgeStatus(HttpAnswer answer, DateTimeOffset now) => OfStatus(answer, now) with
    {
        Status = answer.Status,
        Answer = answer.Text,
        ByWebPage = answer.IsWebPage,
    };

    int SizeOf(ActivityEvent item) => item.Sent.Length + Between.Length + SizeAround(item);

    DeliveryOutcome OfStatus(HttpAnswer answer, DateTimeOffset now)
    {
        var status = answer.Status;
        var what = $"answered {status}{(answer.Text is { Length: > 0 } text ? $" ({text})" : "")}";
        return status switch
        {
            _ when Success.Contains(status) => !answer.IsWebPage
                ? new(Verdict.Accepted, what)
                : new(
                    Verdict.Misconfigured,
                    $"answered {status} with a web page: that is not a receiver but a login or error page; check sink.url"),
            400 or 422 => new(Verdict.Rejected, what),
            413 => new(Verdict.TooBig, what),
            415 => new(Verdict.Misconfigured, $"{what}; check sink.format, and set sink.gzip to false where it is on"),
            401 or 403 or 407 => new(Verdict.Unauthorized, answer.IsWebPage
                ? $"{what}, in a web page: perhaps a firewall or a proxy in between; check the way there, and sink.auth"
                : $"{what}; check sink.auth"),
            429 or 503 when RetryAfterHeader.Wait(answer.RetryAfter, now) is { } wait =>
                new(Verdict.Throttled, $"{what} and wants to be left alone for {wait.TotalSeconds:0} s", wait),
            429 or 503 => new(Verdict.Throttled, what),
            408 or 425 or (>= 500 and < 600) => new(Verdict.Transient, what),
            >= 300 and < 400 => new(
                Verdict.Misconfigured,
                $"answered {status}: redirects are never followed, because a redirected POST loses its body; "
                    + "set sink.url to the final address"),
            >= 200 and < 300 => new(
                Verdict.Misconfigured,
                $"{what}, which does not say that it has the events; check sink.url, or name the status in sink.success"),
            _ => new(Verdict.Misconfigured, $"{what}; check sink.url and sink.format"),
        };
    }
}
