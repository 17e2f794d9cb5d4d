using System.Text;
using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Delivery.Formats;

/// <summary>Events as they are: in an array, one on each line, or each in a request of its own. The status is about all of them.</summary>
internal sealed class Plain : Format
{
    static readonly int[] Statuses = [200, 201, 202, 204];

    Plain(string name, string contentType, LimitSettings limits, SuccessStatuses success)
        : base(name, contentType, limits.Or(RequestLimit.ForAnyReceiver), success.Or(Statuses))
    {
    }

    /// <summary>A JSON array of the events in each request, or what the configuration puts around them: what most webhooks take.</summary>
    public static Plain Array(FormatSettings settings, LimitSettings limits, SuccessStatuses success) =>
        new(settings.Name, "application/json", limits, success)
        {
            Open = Encoding.UTF8.GetBytes(settings.Open ?? "["),
            Between = [(byte)','],
            Close = Encoding.UTF8.GetBytes(settings.Close ?? "]"),
        };

    /// <summary>One event a line: for receivers that split what they get at line breaks.</summary>
    public static Plain Lines(FormatSettings settings, LimitSettings limits, SuccessStatuses success) =>
        new(settings.Name, "application/x-ndjson", limits, success)
        {
            Between = [(byte)'\n'],
            Close = [(byte)'\n'],
        };

    /// <summary>One event in each request, as a bare object: for receivers that take no more.</summary>
    public static Plain Single(FormatSettings settings, LimitSettings limits, SuccessStatuses success) =>
        new(settings.Name, "application/json", limits with { Events = 1 }, success);

    public override DeliveryOutcome Judge(HttpAnswer answer, IReadOnlyList<ActivityEvent> events, DateTimeOffset now) =>
        JudgeStatus(answer, now);
}
