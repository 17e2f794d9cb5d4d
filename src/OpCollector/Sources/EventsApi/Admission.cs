using OpCollector.Events;
using OpCollector.Http;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What the API says of the token, asked beside the first pages of the streams, which would otherwise wait for it. No answer of a stream
/// is given out before it is known, and none where it says that the events are another account's or that the token has no right to them.
/// </summary>
internal sealed class Admission : IAsyncDisposable
{
    readonly EventsApiClient _client;
    readonly string _source;
    readonly CancellationTokenSource _enough;
    readonly Task<Introspection> _about;

    /// <summary>Asks the API at once.</summary>
    /// <param name="source">Whose events were read before.</param>
    public Admission(EventsApiClient client, string source, CancellationToken ct)
    {
        (_client, _source) = (client, source);
        _enough = CancellationTokenSource.CreateLinkedTokenSource(ct);
        _about = client.IntrospectAsync(_enough.Token);
    }

    /// <summary>Whose events these are, as far as the API says.</summary>
    /// <exception cref="Failure">The events that were read before are of another account (78).</exception>
    public async Task<string> SourceAsync()
    {
        var about = await _about;
        about.RefuseOtherThan(_source);
        return about.Account is null ? _source : StreamPositions.AnyAccount + about.Account;
    }

    /// <inheritdoc cref="EventsApiClient.ListAsync"/>
    /// <exception cref="OperationCanceledException">The events are another account's; that is not reported for each stream.</exception>
    /// <exception cref="Failure">The token has no right to this stream (77).</exception>
    public async Task<Result<EventsApiPage, EventsApiFailure>> ListAsync(
        EventStream stream,
        EventsApiQuery query,
        LargeAnswers.Turn turn,
        CancellationToken ct)
    {
        using var unwanted = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var answer = _client.ListAsync(stream, query, turn, unwanted.Token);
        try
        {
            Admit(stream, await _about.WaitAsync(ct));
            return await answer;
        }
        finally
        {
            // An answer that is not wanted is not waited for.
            await unwanted.CancelAsync();
            await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _enough.CancelAsync();
        await ((Task)_about).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _enough.Dispose();
    }

    void Admit(EventStream stream, Introspection about)
    {
        if (!about.IsOf(_source))
        {
            throw new OperationCanceledException();
        }

        about.RefuseWithoutRightTo(stream);
    }
}
