using System.Text;
using Serilog;

namespace OpCollector.Delivery.Webhook;

/// <summary>POSTs batches to a webhook until the receiver has every event, or has said which ones it will never take.</summary>
internal sealed class WebhookSink : Sink
{
    readonly Uri _url;
    readonly string _route;
    readonly int? _mostEventBytes;
    readonly Attempts _attempts;
    readonly ILogger _log;

    // By stream: a receiver may accept one stream and reject another.
    readonly Dictionary<string, Batch> _lastTaken = [];

    /// <exception cref="Failure">A secret it needs is not there (78).</exception>
    public WebhookSink(WebhookSettings settings, TimeProvider time, ILogger log)
    {
        (_url, _route, _log, _mostEventBytes) = (settings.Url.Reveal(), settings.Route, log, settings.Limits.EventBytes);
        var format = settings.MakeFormat(time);
        _attempts = new Attempts(settings, _url, format, Name, time, log);
        var known = Encoding.UTF8.GetBytes($"{_url} {format.Name} {settings.Auth?.Kind}");
        Fingerprint = Digest.Compute(known)[..FingerprintLength];
        if (settings.Tls?.AllowInsecure == true)
        {
            log.Warning(
                "sink.tls.allowInsecure is on: anybody between here and {Sink:l} can read the events and keep them",
                Name);
        }
    }

    // Not the path: with many receivers it is the secret.
    public override string Name =>
        $"{_url.GetLeftPart(UriPartial.Authority)}{(_route.Length == 0 ? "" : $" (sink.routes.{_route})")}";

    public override string Fingerprint { get; }

    public override async Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
    {
        var earlier = _lastTaken.GetValueOrDefault(batch.Stream);
        var items = new ItemOutcomes(batch, earlier);
        items.KeepBack(_mostEventBytes);
        var receipt = await new BatchDelivery(batch, earlier, items, _attempts, Name, limits, _log).RunAsync();
        if (receipt.Accepted.Count > 0)
        {
            // Copied, because the buffer of the bytes that were sent is reused.
            var last = receipt.Accepted[^1];
            _lastTaken[batch.Stream] = batch with { Events = [last with { Sent = last.Sent.ToArray() }] };
        }

        return receipt;
    }

    public override Task<string> CheckAsync(CancellationToken ct) => _attempts.CheckAsync(ct);

    public override void Dispose()
    {
        _attempts.Dispose();
        base.Dispose();
    }
}
