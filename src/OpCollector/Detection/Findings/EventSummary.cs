using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Correlations;
using OpCollector.Detection.Sigma.Matching;
using OpCollector.Names;

namespace OpCollector.Detection.Findings;

/// <summary>Says in a few words what happened: the sentence that a run has added, or would add, else what the event itself says.</summary>
internal sealed class EventSummary(FieldTable fields, Sentences sentences)
{
    readonly int _summary = fields.Slot("summary");
    readonly int _action = fields.Slot("action");
    readonly int _category = fields.Slot("category");
    readonly int[] _actor = Slots(
        fields, "actor_name", "actor_email", "actor_uuid", "target_user.name", "target_user.email", "target_user.uuid", "user.name",
        "user.email", "user.uuid");
    readonly int[] _objectType = Slots(fields, "object_type");
    readonly int[] _object = Slots(fields, "object_name", "object_uuid", "item_uuid");
    readonly int[] _aux = Slots(fields, "aux_name", "aux_email", "aux_uuid");

    public string Summarize(EventView view, string stream) => Sentence(view, stream) ?? Happened(view);

    public string Summarize(RuleInfo rule, EventView view, string stream) => Sentence(view, stream) ?? $"{rule.Title}: {Happened(view)}";

    /// <summary>The same for a finding that rests on several events.</summary>
    public string Summarize(Correlation rule, CorrelationMatch found, EventView view, string stream) => rule.Type switch
    {
        CorrelationType.FirstSeen => $"{rule.Info.Title}: {Summarize(view, stream)}",
        CorrelationType.Travel =>
            $"{rule.Info.Title}: {found.Number:0} km within {Span(found.Matches[^1].Time - found.Matches[0].Time)}, last {Summarize(view, stream)}",
        CorrelationType.ValueCount =>
            $"{rule.Info.Title}: {found.Number:0} different within {Span(rule.Span)}, among them {Summarize(view, stream)}",
        _ => $"{rule.Info.Title}: {Quantity.Format(found.Matches.SelectMany(match => match.Ids).Distinct().Count(), "event")} " +
            $"within {Span(rule.Span)}, among them {Summarize(view, stream)}",
    };

    string? Sentence(EventView view, string stream) => view.FirstText(_summary) ?? sentences.Compose(view.Bytes, stream);

    string Happened(EventView view)
    {
        var what = view.FirstText(_action) ?? view.FirstText(_category) ?? "something";
        var on = string.Join(' ', new[] { First(view, _objectType), First(view, _object) }.OfType<string>());
        var with = First(view, _aux) is { } aux ? $" ({aux})" : "";
        return $"{what}{(on.Length == 0 ? "" : $" on {on}")}{with} by {First(view, _actor) ?? "somebody unknown"}";
    }

    static string? First(EventView view, int[] slots) => slots.Select(view.FirstText).FirstOrDefault(said => said is not null);

    static int[] Slots(FieldTable fields, params string[] names) => [.. names.Select(fields.Slot)];

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{span.Seconds} s",
        { TotalMinutes: < 120 } => $"{(int)span.TotalMinutes} min",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h",
        _ => $"{(int)span.TotalDays} days",
    };
}
