using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Sources.EventsApi;

/// <summary>Asks one stream of the Events API, and holds no more than one large answer beside the other streams.</summary>
internal sealed class StreamCalls(EventStream stream, Admission admission, StreamAnswers answers, LargeAnswers large) : IDisposable
{
    readonly LargeAnswers.Turn _turn = large.NewTurn();

    /// <summary>Asks for the next page. The one before it has been delivered.</summary>
    public async Task<Result<EventsApiPage, EventsApiFailure>> AskAsync(EventsApiQuery query, CancellationToken ct)
    {
        // If the page before was large, another stream may use its memory now.
        _turn.GiveBack();
        return answers.Record(stream, await admission.ListAsync(stream, query, _turn, ct));
    }

    /// <summary>Asks for a page ahead of its turn; nobody takes note of the answer until the page is needed.</summary>
    public Task<Result<EventsApiPage, EventsApiFailure>> AskAheadAsync(
        EventsApiQuery query, LargeAnswers.Turn turn, CancellationToken ct) =>
        admission.ListAsync(stream, query, turn, ct);

    /// <summary>A turn to hold a large answer that was asked for ahead.</summary>
    /// <param name="notBefore">What has to come before it.</param>
    public LargeAnswers.Turn NewTurn(Task notBefore) => large.NewTurn(notBefore);

    public void Dispose() => _turn.GiveBack();
}
