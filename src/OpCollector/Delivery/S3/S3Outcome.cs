using System.Net;
using Amazon.Runtime;
using OpCollector.Http;

namespace OpCollector.Delivery.S3;

/// <summary>What it means that an object store did not take an object, or that we have no credentials for it: pure.</summary>
internal static class S3Outcome
{
    const string Endpoint = "sink.endpoint";

    /// <param name="ex">What Amazon's library threw; its words quote the receiver, so only codes are shown.</param>
    public static DeliveryOutcome Judge(Exception ex) =>
        HttpError.Causes(ex).OfType<TooLargeException>().FirstOrDefault() is { } endless
            ? new DeliveryOutcome(Verdict.Transient, $"broke off: {endless.Message}")
        : HttpError.Causes(ex).OfType<HttpRequestException>().FirstOrDefault() is { } broken
            ? DeliveryOutcome.FromFailure(
                new HttpFailure(
                    HttpError.KindOf(broken),
                    broken.HttpRequestError,
                    HttpError.Describe(broken.HttpRequestError, broken),
                    (int?)broken.StatusCode),
                Endpoint)
        : ex is Amazon.S3.AmazonS3Exception s3 ? FromAnswer((int)s3.StatusCode, s3.ErrorCode)
        : HttpError.Causes(ex).OfType<AmazonServiceException>().FirstOrDefault(each => each.StatusCode != 0) is { } giver
            ? WithoutCredentials(giver)
        : HttpError.Causes(ex).Any(cause => cause is IOException)
            ? new DeliveryOutcome(Verdict.Transient, "broke off before its whole answer was there")
        : new DeliveryOutcome(
            Verdict.Misconfigured,
            "cannot be asked for that bucket, or not with the credentials that were found; check sink.bucket, sink.region and the credentials");

    public static DeliveryOutcome Nonsense(string status) =>
        new(Verdict.Nonsense, $"answered{status} in a way that no object store does; check {Endpoint}");

    static DeliveryOutcome FromAnswer(int status, string? code)
    {
        var what = $"answered {status}{(string.IsNullOrEmpty(code) || code == $"{(HttpStatusCode)status}" ? "" : $" ({ForeignText.Clean(code)})")}";
        return (status, code) switch
        {
            (_, "NoSuchBucket") => new(Verdict.Misconfigured, $"{what}: there is no such bucket; check sink.bucket and sink.region"),
            (_, "PermanentRedirect" or "AuthorizationHeaderMalformed" or "IllegalLocationConstraintException") or ( >= 300 and < 400, _) =>
                new(Verdict.Misconfigured, $"{what}: the bucket is somewhere else; check sink.region and {Endpoint}"),
            (_, "RequestTimeTooSkewed") => new(Verdict.Unauthorized, $"{what}: the clock of this host is wrong"),
            (_, "ExpiredToken" or "InvalidToken" or "TokenRefreshRequired") or (401 or 403 or 407, _) =>
                new(Verdict.Unauthorized, $"{what}; check the credentials, and whether they may put objects there (s3:PutObject)"),
            (413, _) or (_, "EntityTooLarge") =>
                new(Verdict.Misconfigured, $"{what}: the object is larger than it takes; raise its limit, or set source.eventsApi.limit"),
            (_, "SlowDown" or "Throttling" or "ThrottlingException" or "RequestLimitExceeded") or (429 or 503, _) =>
                new(Verdict.Throttled, what),
            (_, "RequestTimeout" or "BadDigest" or "XAmzContentSHA256Mismatch" or "IncompleteBody" or "OperationAborted")
                or (408 or 425 or 409 or >= 500, _) => new(Verdict.Transient, what),
            _ => new(Verdict.Misconfigured, $"{what}; check sink.bucket, sink.region and {Endpoint}"),
        };
    }

    // Who gives credentials, such as Amazon's security token service, said no.
    static DeliveryOutcome WithoutCredentials(AmazonServiceException ex)
    {
        var (status, code) = ((int)ex.StatusCode, ForeignText.Clean(ex.ErrorCode));
        var what = $"needs credentials, and the service that gives them answered {status} ({code})";
        return status is 429 or >= 500
            ? new(Verdict.Transient, what)
            : new(Verdict.Unauthorized, $"{what}; check the role of this host, or set sink.credentials");
    }
}
