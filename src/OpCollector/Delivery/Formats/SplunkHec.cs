using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Delivery.Formats;

/// <summary>
/// Splunk's HTTP Event Collector, and the many that speak as it does (LogScale, Cribl, CloudWatch): envelopes one after another, and a code
/// in the answer. It says whether it is well, and whether it knows the token, of a request with nothing in it too
/// (https://help.splunk.com, "Troubleshoot HTTP Event Collector").
/// </summary>
internal sealed class SplunkHec : Format
{
    const int LongestTime = 40;
    const int LongestFrame = 40;

    static readonly int[] Statuses = [200];

    readonly byte[] _about;
    readonly HecAcknowledgement? _acknowledgement;

    /// <param name="time">The clock by which acknowledgements are waited for.</param>
    public SplunkHec(FormatSettings settings, LimitSettings limits, SuccessStatuses success, TimeProvider time)
        : base(settings.Name, "application/json", limits.Or(RequestLimit.ForHec), success.Or(Statuses))
    {
        _about = About(settings.Hec);
        _acknowledgement = settings.Hec.AcknowledgementRequired ? new HecAcknowledgement(time) : null;
        Between = [(byte)'\n'];
    }

    public override IReadOnlyList<(string Name, string Value)> Headers => _acknowledgement is null ? [] : [_acknowledgement.Channel];

    public override DeliveryOutcome Judge(HttpAnswer answer, IReadOnlyList<ActivityEvent> events, DateTimeOffset now)
    {
        var (plain, hec) = (JudgeStatus(answer, now), HecAnswer.Read(answer.Body));
        var taken = hec?.FirstInvalid is { } number && number >= 0 && number < events.Count ? number : (int?)null;
        return plain.Verdict switch
        {
            Verdict.Accepted when hec?.Code == 0 => plain,
            Verdict.Accepted => plain with { Verdict = Verdict.Nonsense, What = $"{plain.What}, which is not code 0 of a HEC" },
            Verdict.Rejected when hec?.IsRefusal == true =>
                plain with { Verdict = Verdict.Unauthorized, What = $"{plain.What}; check sink.auth" },
            Verdict.Rejected when hec?.IsMisconfiguration == true =>
                plain with { Verdict = Verdict.Misconfigured, What = $"{plain.What}; check sink.splunk-hec and the token's settings" },
            Verdict.Rejected when taken is { } first =>
                plain with { Verdict = Verdict.PartlyAccepted, Partial = Without(first, plain, events) },
            Verdict.Throttled or Verdict.Transient when taken is { } first && _acknowledgement is null =>
                plain with { Partial = new PartialOutcome([], [.. events.Skip(first)]) },
            _ => plain,
        };
    }

    public override void RefuseAddress(Uri url)
    {
        if (_acknowledgement is not null)
        {
            HecAcknowledgement.Place(url);
        }
    }

    public override Task<DeliveryOutcome> ConfirmAsync(
        DeliveryOutcome accepted, HttpAnswer answer, WebhookConnection connection, Uri url, TimeBudget budget, RunLimits limits) =>
        _acknowledgement is null
            ? base.ConfirmAsync(accepted, answer, connection, url, budget, limits)
            : _acknowledgement.WaitAsync(accepted, HecAnswer.Read(answer.Body), connection, url, budget, limits);

    public override async IAsyncEnumerable<DeliveryOutcome> AskAsync(
        WebhookConnection connection, Uri url, [EnumeratorCancellation] CancellationToken ct)
    {
        if (HecAcknowledgement.Beside(url, "health") is { } health)
        {
            var well = await connection.AskAsync(HttpMethod.Get, health, ct);
            yield return well.Succeeded(out var answer, out var failure) ? JudgeHealth(answer) : failure;
        }

        var known = await connection.PostAsync(url, default, ContentType, Headers, ct);
        yield return known.Succeeded(out var said, out var unsaid) ? JudgeToken(said) : unsaid;
    }

    protected override int SizeAround(ActivityEvent item) => _about.Length + item.Id.Length + LongestTime + LongestFrame;

    protected override void Write(ArrayBufferWriter<byte> body, ActivityEvent item)
    {
        body.Write("{"u8);
        if (item.UsableTime is { } time)
        {
            // Without it Splunk takes the moment of arrival.
            var seconds = (time - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerSecond;
            Write(body, string.Create(CultureInfo.InvariantCulture, $"\"time\":{seconds:0.#######},"));
        }

        body.Write(_about);
        body.Write("\"event\":"u8);
        body.Write(item.Sent.Span);
        Write(body, $",\"fields\":{{\"event_id\":\"{JsonEncodedText.Encode(item.Id)}\"}}}}");
    }

    // Splunk documents nothing of what came after the one it names, and acknowledges nothing in an error: it is sent again.
    PartialOutcome Without(int first, DeliveryOutcome plain, IReadOnlyList<ActivityEvent> events) => new(
        [new RejectedEvent(events[first], Verdict.Rejected, plain.What, plain.Status, plain.Answer)],
        [.. events.Where((_, at) => _acknowledgement is null ? at > first : at != first)]);

    static DeliveryOutcome JudgeHealth(HttpAnswer answer) => answer.Status switch
    {
        200 => new DeliveryOutcome(Verdict.Accepted, "healthy"),
        503 or 500 => new DeliveryOutcome(Verdict.Transient, $"is not healthy: it answered {answer.Status} ({answer.Text})"),
        // The many that speak as Splunk does have no such place, or want to know first who asks.
        _ => new DeliveryOutcome(Verdict.Accepted, $"reachable (answered {answer.Status} when asked for its health)"),
    };

    static DeliveryOutcome JudgeToken(HttpAnswer answer)
    {
        var what = $"answered {answer.Status} ({answer.Text})";
        return HecAnswer.Read(answer.Body) switch
        {
            { IsNoData: true } => new DeliveryOutcome(Verdict.Accepted, "knows the token"),
            { IsRefusal: true } => new DeliveryOutcome(Verdict.Unauthorized, $"{what}; check sink.auth"),
            { IsMisconfiguration: true } => new(Verdict.Misconfigured, $"{what}; check sink.splunk-hec and the token's settings"),
            _ when answer.Status is 401 or 403 or 407 => new DeliveryOutcome(Verdict.Unauthorized, $"{what}; check sink.auth"),
            _ when answer.Status is 404 or (>= 300 and < 400) => new DeliveryOutcome(Verdict.Misconfigured, $"{what}; check sink.url"),
            _ => new DeliveryOutcome(Verdict.Accepted, "whether it knows the token shows with the first event"),
        };
    }

    static byte[] About(HecSettings hec)
    {
        (string Name, string? Value)[] members =
            [("host", hec.Host), ("source", hec.Source), ("sourcetype", hec.Sourcetype), ("index", hec.Index)];
        return Encoding.UTF8.GetBytes(string.Concat(members
            .Where(member => member.Value is not null)
            .Select(member => $"\"{member.Name}\":\"{JsonEncodedText.Encode(member.Value!)}\",")));
    }
}
