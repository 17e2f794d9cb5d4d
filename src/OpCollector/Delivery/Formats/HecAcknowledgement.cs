using System.Globalization;
using System.Text;
using OpCollector.Http;

namespace OpCollector.Delivery.Formats;

/// <summary>
/// Asks Splunk until it says that events are indexed, and not only in a queue. "No" may also mean that it has forgotten them,
/// so asking ends with the time there is, and the next run sends them again.
/// </summary>
internal sealed class HecAcknowledgement(TimeProvider time)
{
    static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The header that says to whom an acknowledgement belongs; the same for all requests of a run.</summary>
    public (string Name, string Value) Channel { get; } = ("X-Splunk-Request-Channel", Guid.NewGuid().ToString());

    /// <summary>An address beside the one that events are sent to; null where the URL is not that of a HEC.</summary>
    public static Uri? Beside(Uri events, string place)
    {
        const string Collector = "/collector";
        var at = events.AbsolutePath.LastIndexOf(Collector, StringComparison.Ordinal);
        return at < 0
            ? null
            : new UriBuilder(events) { Path = $"{events.AbsolutePath[..(at + Collector.Length)]}/{place}", Query = "" }.Uri;
    }

    /// <summary>Where acknowledgements are asked for.</summary>
    /// <exception cref="Failure">The URL is not that of a HEC (78).</exception>
    public static Uri Place(Uri events) => Beside(events, "ack") ?? throw new Failure(
        ExitCode.Configuration,
        "sink.url is not the address of a HEC, which ends with /services/collector/event");

    /// <summary>What became of events that were accepted with <paramref name="answer"/>.</summary>
    /// <param name="budget">How long the delivery may still take.</param>
    public async Task<DeliveryOutcome> WaitAsync(
        DeliveryOutcome accepted, HecAnswer? answer, WebhookConnection connection, Uri events, TimeBudget budget, RunLimits limits)
    {
        if (answer?.AcknowledgementId is not { } id)
        {
            return accepted with
            {
                Verdict = Verdict.Misconfigured,
                What = "took the events without an ackId: switch on indexer acknowledgement for the token, "
                    + "or set sink.splunk-hec.acknowledgement to off",
                IsBlind = true,
            };
        }

        var question = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"acks\":[{id}]}}"));
        for (var pause = First; ; pause = pause * 2 < Longest ? pause * 2 : Longest)
        {
            var result = await connection.PostAsync(Place(events), question, "application/json", [Channel], limits.Abandon);
            var outcome = result.Succeeded(out var indexed, out var failure) ? Judge(indexed, accepted, id) : failure;
            if (!outcome.MayRetry)
            {
                return outcome with { IsBlind = true };
            }

            if (budget.Left <= pause)
            {
                return outcome with { IsForNextRun = true, IsBlind = true };
            }

            await Task.Delay(pause, time, limits.Stop);
        }
    }

    static DeliveryOutcome Judge(HttpAnswer answer, DeliveryOutcome accepted, long id)
    {
        var what = $"answered {answer.Status} ({answer.Text}) when asked whether the events are indexed";
        var outcome = answer.Status switch
        {
            200 => HecAnswer.IsAcknowledged(answer.Body, id) switch
            {
                true => accepted,
                false => new DeliveryOutcome(Verdict.Transient, "has not acknowledged the events as indexed"),
                null => new(Verdict.Nonsense, $"answers nonsense when asked whether the events are indexed ({answer.Text})"),
            },
            408 or 429 or >= 500 => new DeliveryOutcome(Verdict.Transient, what),
            401 or 403 => new DeliveryOutcome(Verdict.Unauthorized, $"{what}; check sink.auth"),
            _ => new(Verdict.Misconfigured, $"{what}; check the token's settings, or set sink.splunk-hec.acknowledgement to off"),
        };
        return outcome with { Status = answer.Status };
    }
}
