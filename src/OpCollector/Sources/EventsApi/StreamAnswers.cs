using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>Takes note of what streams have answered: that one refuses the token, and how far each is read.</summary>
/// <param name="began">When the run began: all streams that refuse the token in one run count as refusing it then.</param>
internal sealed class StreamAnswers(EventsApiMemory memory, ReadCount read, DateTimeOffset began)
{
    /// <returns>The same answer; where the token was refused, with what follows from it.</returns>
    public Result<EventsApiPage, EventsApiFailure> Record(EventStream stream, Result<EventsApiPage, EventsApiFailure> answer)
    {
        if (answer.Succeeded(out var page, out var failure))
        {
            memory.ForgetRefusal(stream);
            read.Add(page.Events.Count, page.Events.Count > 0 ? page.Events[^1].Time : null);
            return page;
        }

        if (failure.Kind != EventsApiFailureKind.Refused)
        {
            return failure;
        }

        var pause = memory.BeginPause(stream, began) is { } refusal
            ? $". Not asked by itself before {refusal.Until:u}; opcollector check tries at once"
            : "";
        return failure with { Advice = $"{failure.Advice} {stream.Feature}{pause}" };
    }
}
