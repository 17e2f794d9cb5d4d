using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Delivery.Formats;

/// <summary>
/// The bulk API of Elasticsearch and of OpenSearch, which comes from it: every event is created under its id, so that the receiver
/// recognises a repetition, and the answer has an item for each.
/// </summary>
internal abstract class Bulk : Format
{
    const int LongestTime = 40;
    const int LongestFrame = 50;
    const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ";

    static readonly int[] Statuses = [200];

    readonly string _idPrefix;

    protected Bulk(FormatSettings settings, LimitSettings limits, SuccessStatuses success)
        : base(settings.Name, "application/x-ndjson", limits.Or(RequestLimit.ForBulk), success.Or(Statuses))
    {
        _idPrefix = settings.IdPrefix;
        Between = [(byte)'\n'];
        Close = [(byte)'\n'];
    }

    // An event is repeated without harm, and shows more.
    public override ReadOnlyMemory<byte>? Nothing => null;

    public override DeliveryOutcome Judge(HttpAnswer answer, IReadOnlyList<ActivityEvent> events, DateTimeOffset now)
    {
        var plain = JudgeStatus(answer, now);
        if (plain.Verdict != Verdict.Accepted)
        {
            return BulkBlock.Named(BulkAnswer.ErrorOf(answer.Body)) is { } block ? Blocked(plain, block, "") : plain;
        }

        return BulkAnswer.Read(answer.Body, [.. events.Select(IdOf)]) is { } items
            ? JudgeItems(plain, items, events)
            : plain with
            {
                Verdict = Verdict.Nonsense,
                What = $"answered {answer.Status}, but not with one item and _id for each event ({plain.Answer})",
            };
    }

    public override async IAsyncEnumerable<DeliveryOutcome> AskAsync(
        WebhookConnection connection, Uri url, [EnumeratorCancellation] CancellationToken ct)
    {
        var place = new BulkPlace(url);
        if (place.Health is { } health)
        {
            var result = await connection.AskAsync(HttpMethod.Get, health, ct);
            yield return result.Succeeded(out var answer, out var failure) ? JudgeHealth(answer) : failure;
        }

        if (PrivilegesAt(place) is { } privileges)
        {
            var result = await connection.PostAsync(privileges, place.PrivilegesQuestion, "application/json", [], ct);
            yield return result.Succeeded(out var answer, out var failure) ? JudgePrivileges(answer) : failure;
        }
    }

    /// <summary>What the health of a cluster means for us.</summary>
    internal static DeliveryOutcome JudgeHealth(HttpAnswer answer) => answer.Status switch
    {
        200 when BulkAnswer.Text(answer.Body, "status"u8) is "red" =>
            new DeliveryOutcome(Verdict.Transient, "says that its cluster is red: a part of its data is out of reach"),
        200 when BulkAnswer.Text(answer.Body, "status"u8) is { } status =>
            new DeliveryOutcome(Verdict.Accepted, $"reachable, knows us, the cluster is {ForeignText.Clean(status)}"),
        401 => new DeliveryOutcome(Verdict.Unauthorized, $"answered 401 ({answer.Text}); check sink.auth"),
        408 or 429 or >= 500 =>
            new DeliveryOutcome(Verdict.Transient, $"answered {answer.Status} ({answer.Text}) when asked for the health of its cluster"),
        // One may be allowed to write and not to look.
        _ => new DeliveryOutcome(Verdict.Accepted, $"reachable (answered {answer.Status} when asked for the health of its cluster)"),
    };

    /// <summary>Where the receiver says what we may do; null where it cannot be asked.</summary>
    protected abstract Uri? PrivilegesAt(BulkPlace place);

    protected override int SizeAround(ActivityEvent item) => _idPrefix.Length + item.Id.Length + LongestTime + LongestFrame;

    protected override void Write(ArrayBufferWriter<byte> body, ActivityEvent item)
    {
        Write(body, $"{{\"create\":{{\"_id\":\"{JsonEncodedText.Encode(IdOf(item))}\"}}}}\n");
        if (item.UsableTime is { } time && !PageJson.HasMember(item.Sent.Span, "@timestamp"u8))
        {
            // A data stream takes nothing without it, and no member twice.
            Write(body, $"{{\"@timestamp\":\"{time.UtcDateTime.ToString(TimestampFormat, CultureInfo.InvariantCulture)}\",");
            body.Write(item.Sent.Span[1..]);
            return;
        }

        body.Write(item.Sent.Span);
    }

    string IdOf(ActivityEvent item) => _idPrefix + item.Id;

    static DeliveryOutcome JudgeItems(DeliveryOutcome plain, BulkItem[] items, IReadOnlyList<ActivityEvent> events)
    {
        DeliveryOutcome[] outcomes = [.. items.Select(JudgeItem)];
        // One item is rejected and another is taken: so it is about the one, whatever the status.
        var isTaken = outcomes.Any(item => item.Verdict == Verdict.Accepted);
        if (outcomes.FirstOrDefault(item => IsAboutUs(item) && (item.IsBlind || !isTaken)) is { } refusal)
        {
            return refusal;
        }

        var rejected = outcomes.Zip(events).Where(pair => pair.First is { MayRetry: false, Verdict: not Verdict.Accepted })
            .Select(pair => pair.First.Reject(pair.Second)).ToList();
        var left = outcomes.Zip(events).Where(pair => pair.First.MayRetry).Select(pair => pair.Second).ToList();
        var held = outcomes.FirstOrDefault(item => item.MayRetry);
        return rejected.Count == 0 && left.Count == 0
            ? plain
            : (held ?? plain with { Verdict = Verdict.PartlyAccepted }) with { Partial = new PartialOutcome(rejected, left) };
    }

    static bool IsAboutUs(DeliveryOutcome item) => item is { IsAboutEvents: false, MayRetry: false, Verdict: not Verdict.Accepted };

    static DeliveryOutcome JudgeItem(BulkItem item)
    {
        var (status, answer) = (item.Status, ForeignText.Clean(item.Error).ToString());
        var what = $"answered {status} for an event{(answer.Length > 0 ? $" ({answer})" : "")}";
        DeliveryOutcome outcome = status switch
        {
            _ when item.IsInFailureStore =>
                new(Verdict.Rejected, $"{what}, and is in the failure store: it does not fit the mapping of the index"),
            // A conflict on create: it has the event already.
            200 or 201 or 409 => new(Verdict.Accepted, what),
            400 or 422 => new(Verdict.Rejected, what),
            413 => new(Verdict.TooBig, what),
            401 or 403 => new(Verdict.Unauthorized, $"{what}; check sink.auth and its privileges"),
            429 => new(Verdict.Throttled, what),
            408 or >= 500 and < 600 => new(Verdict.Transient, what),
            _ => new(Verdict.Misconfigured, $"{what}; check the index in sink.url"),
        };
        outcome = outcome with { Status = status, Answer = answer };
        return BulkBlock.Named(item.Error) is { } block ? Blocked(outcome, block, " for an event") : outcome;
    }

    // What is blocked has not looked at the events.
    static DeliveryOutcome Blocked(DeliveryOutcome outcome, string block, string of) => outcome with
    {
        What = $"answered {outcome.Status}{of}, {block}{(outcome.Answer is { Length: > 0 } text ? $" ({text})" : "")}",
        IsBlind = true,
    };

    static DeliveryOutcome JudgePrivileges(HttpAnswer answer) => answer.Status switch
    {
        200 when BulkAnswer.Flag(answer.Body, "has_all_requested"u8) == false => new DeliveryOutcome(
            Verdict.Unauthorized, "knows us, and does not let us create documents in the index of sink.url (privilege create_doc)"),
        200 when BulkAnswer.Flag(answer.Body, "has_all_requested"u8) == true => new(Verdict.Accepted, "may create documents"),
        401 => new DeliveryOutcome(Verdict.Unauthorized, $"answered 401 ({answer.Text}); check sink.auth"),
        _ => new DeliveryOutcome(Verdict.Accepted, "whether we may create documents shows with the first event"),
    };
}

/// <summary>The bulk API of Elasticsearch.</summary>
internal sealed class ElasticsearchBulk(FormatSettings settings, LimitSettings limits, SuccessStatuses success)
    : Bulk(settings, limits, success)
{
    protected override Uri? PrivilegesAt(BulkPlace place) => place.Privileges;
}

/// <summary>The bulk API of OpenSearch, which does not say what we may do.</summary>
internal sealed class OpenSearchBulk(FormatSettings settings, LimitSettings limits, SuccessStatuses success)
    : Bulk(settings, limits, success)
{
    protected override Uri? PrivilegesAt(BulkPlace place) => null;
}
