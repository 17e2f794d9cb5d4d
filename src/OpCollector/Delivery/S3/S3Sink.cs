using System.Text;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Serilog;

namespace OpCollector.Delivery.S3;

/// <summary>
/// Puts each batch as one object into a bucket, of Amazon or of others who speak its language. A repetition is the same object under the
/// same key, so nothing is there twice.
/// </summary>
internal sealed class S3Sink : Sink
{
    readonly S3Settings _settings;
    readonly Uri? _endpoint;
    readonly AWSCredentials? _configured;
    readonly HttpClient _http;
    readonly TimeProvider _time;
    readonly SinkRetry _retry;
    AmazonS3Client? _client;

    /// <exception cref="Failure">A secret it needs is not there (78).</exception>
    public S3Sink(S3Settings settings, TimeProvider time, ILogger log)
    {
        (_settings, _endpoint, _configured, _time) = (settings, settings.Endpoint?.Reveal(), settings.Credentials?.Reveal(), time);
        _http = settings.Connect(_endpoint);
        Name = $"s3://{settings.Bucket}{(_endpoint is null ? "" : $" at {_endpoint.GetLeftPart(UriPartial.Authority)}")}";
        _retry = new SinkRetry(Name, time, log);
        var known = Encoding.UTF8.GetBytes($"s3 {_endpoint} {settings.Bucket} {settings.Prefix}");
        Fingerprint = Digest.Compute(known)[..FingerprintLength];
        if (settings.Tls?.AllowInsecure == true)
        {
            log.Warning("sink.tls.allowInsecure is on: anybody between here and {Sink:l} can read the events and keep them", Name);
        }
    }

    public override string Name { get; }

    public override string Fingerprint { get; }

    public override async Task<Receipt> DeliverAsync(Batch batch, RunLimits limits)
    {
        var open = batch.Open;
        if (open.Count == 0)
        {
            return new Receipt([], []) { SettledEarlier = batch.Events };
        }

        var put = S3Upload.Pack(batch with { Events = open }, _settings.Prefix);
        var (last, attempts) = ((DeliveryOutcome?)null, 0);
        try
        {
            await _retry.TryAsync(
                async () =>
                {
                    attempts++;
                    return last = await PutAsync(put, limits.Abandon);
                },
                new TimeBudget(batch.HasOthersBehind ? limits.SharedRetryBudget : limits.RetryBudget, _time),
                limits.Stop);
        }
        catch (Exception ex) when (ex is Failure or OperationCanceledException)
        {
            return new Receipt([], []) { End = ex };
        }

        return last!.Verdict == Verdict.Accepted
            ? new Receipt(open, []) { SettledEarlier = [.. batch.Events.Except(open)] }
            : new Receipt([], []) { End = Failed(last, $"{last.After(attempts)}; it was to get the object {put.Key}") };
    }

    public override async Task<string> CheckAsync(CancellationToken ct)
    {
        var outcome = await AskAsync(
            async (client, soon) =>
            {
                await client.HeadBucketAsync(new HeadBucketRequest { BucketName = _settings.Bucket }, soon);
                return new DeliveryOutcome(Verdict.Accepted, "the bucket is there; --send-test shows whether objects may be put into it");
            },
            ct);
        return outcome.Verdict switch
        {
            Verdict.Accepted => outcome.What,
            // A user that may only put objects there may not ask for the bucket.
            Verdict.Unauthorized when outcome.Status == 403 =>
                "reachable (answered 403 to the question for the bucket, which a right to put objects alone does not cover; try --send-test)",
            _ => throw Failed(outcome, ""),
        };
    }

    public override void Dispose()
    {
        _client?.Dispose();
        _http.Dispose();
        base.Dispose();
    }

    Task<DeliveryOutcome> PutAsync(S3Upload put, CancellationToken abandon) => AskAsync(
        async (client, soon) =>
        {
            var request = put.Request(_settings.Bucket, _settings.Encryption, isAmazon: _endpoint is null);
            var answer = await client.PutObjectAsync(request, soon);
            var isTheSame = answer.ChecksumSHA256 is null || answer.ChecksumSHA256 == request.ChecksumSHA256;
            // What has a body is a page of something in between, which may have an ETag, too.
            return string.IsNullOrEmpty(answer.ETag) || !isTheSame || answer.ContentLength > 0
                ? S3Outcome.Nonsense($" {(int)answer.HttpStatusCode}")
                : new DeliveryOutcome(Verdict.Accepted, "has it");
        },
        abandon);

    async Task<DeliveryOutcome> AskAsync(Func<AmazonS3Client, CancellationToken, Task<DeliveryOutcome>> ask, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_settings.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            return await ask(await ClientAsync(), either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new DeliveryOutcome(Verdict.Transient, $"did not answer within {_settings.Timeout.TotalSeconds:0} s (sink.timeout)");
        }
        catch (AmazonServiceException ex)
        {
            return S3Outcome.Judge(ex) with { Status = (int)ex.StatusCode };
        }
        catch (Exception ex) when (ex is AmazonClientException or HttpRequestException or IOException)
        {
            return S3Outcome.Judge(ex);
        }
        catch (Exception ex) when (ex is FormatException or ArgumentException or OverflowException)
        {
            // The library reads numbers, times and addresses in heads of answers, and expects no others.
            return S3Outcome.Nonsense("");
        }
    }

    async Task<AmazonS3Client> ClientAsync()
    {
        if (_client is null)
        {
            var config = _settings.Configure(_endpoint);
            config.HttpClientFactory = new S3HttpClient(_http);
            _client = new AmazonS3Client(_configured ?? await FoundCredentials.FindAsync(config, _settings.Profile), config);
        }

        return _client;
    }

    Failure Failed(DeliveryOutcome outcome, string more) => new(outcome.ExitCode, $"The sink {Name} {outcome.What}{more}");
}
