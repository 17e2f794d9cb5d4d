using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Sources.EventsApi;

/// <summary>Tries whether a stream is readable.</summary>
/// <param name="token">What is known of the token.</param>
internal sealed class StreamCheck(EventStream stream, TokenCheck token, StreamAnswers answers, LargeAnswers large, TimeProvider time)
    : SourceCheck(stream.Name)
{
    public override async Task<string> TryAsync(CancellationToken ct)
    {
        var (client, about) = await token.AskAsync(ct);
        about.RefuseWithoutRightTo(stream);
        var turn = large.NewTurn();
        var query = new EventsApiQuery(null, time.GetUtcNow() - TimeSpan.FromDays(1), null, 1);
        var answer = answers.Record(stream, await client.ListAsync(stream, query, turn, ct));
        turn.GiveBack();
        return !answer.Succeeded(out var page, out var failure) ? throw failure.ToFailure()
            : page.Events is [{ Time: { } happened }, ..] ? $"readable, with an event of {happened:u}"
            : "readable, nothing in the last day";
    }
}
