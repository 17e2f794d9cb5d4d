using OpCollector.Events;
using Serilog;

namespace OpCollector.Delivery.Webhook;

// The steps of a delivery (BatchParts.Step). 1. Whole: requests as large as the receiver takes. Without a rejection that is all.
// 2. One by one: after a rejection each event is sent alone with its findings until one is accepted (SingleEvents says in which order).
// 3. Halves: one was accepted, so the receiver works. What was rejected together is halved until single items are left.
// What proves what: an answer that names an item, or says that a single one is bad or too large, settles it. An item that is rejected
// alone for another reason is a suspect; a second rejection, or an answer that is for good, confirms it. It is put aside once the receiver
// accepts something after the rejection: another item, an empty request, or the repetition of an item that it has.
// No suspect is put aside where twelve requests in a row were rejected and nothing was accepted, where the repetition is not accepted, or
// where there is no other item to judge by: then the sink is to blame, and the run ends with the exit code of its answer.
/// <summary>
/// Delivers one batch: sends it in parts, searches for the items to blame where parts are rejected, and puts aside only what is rejected
/// while the receiver still accepts others.
/// </summary>
/// <param name="earlier">An item of another batch that the receiver took in this run; null where there is none.</param>
/// <param name="items">What is known of its items before anything is sent.</param>
internal sealed class BatchDelivery(
    Batch batch, Batch? earlier, ItemOutcomes items, Attempts attempts, string sink, RunLimits limits, ILogger log)
{
    const int ManySuspects = 12;

    // After so many rejections in a row, with nothing accepted, the sink is set up wrongly.
    const int MostRejections = 12;

    BatchParts _parts = items.OpenParts(attempts.Size);
    Suspect? _first;

    // With a single item nobody can tell whether it or the sink is to blame.
    bool HasOthers => batch.Events.Count > 1 || earlier is not null;

    public async Task<Receipt> RunAsync()
    {
        try
        {
            await ResumeAsync();
            await SendAsync();
            await JudgeAsync();
            return items.Close(end: null, _parts);
        }
        catch (Exception ex) when (ex is Failure or OperationCanceledException)
        {
            return items.Close(ex, _parts);
        }
    }

    // The items that earlier runs sent alone come first, so that each run settles some. If one is accepted, the rejections were temporary.
    async Task ResumeAsync()
    {
        if (_parts.Suspects is [var first, ..] && await SendAgainAsync(first))
        {
            items.RejectedBefore.Clear();
            _parts = new BatchParts(items.Open, attempts.Size, items.RejectedBefore);
        }

        await JudgeAsync();
    }

    async Task SendAsync()
    {
        while (_parts.Next() is { } part)
        {
            if (_parts.IsLast)
            {
                // If the last part is accepted after them, that proves that the receiver works, and no item has to be repeated for it.
                foreach (var suspect in _parts.Suspects.Where(each => !each.IsConfirmed).ToList())
                {
                    await SendAgainAsync(suspect);
                }
            }

            await ActAsync(await AttemptAsync(part));
        }
    }

    async Task ActAsync(Attempt attempt)
    {
        var (outcome, left) = (attempt.Outcome!, attempt.Left);
        switch (outcome.Verdict)
        {
            case Verdict.Accepted:
                break;
            case Verdict.PartlyAccepted:
                _parts.Return(left);
                break;
            case Verdict.TooBig or Verdict.Rejected when left.Events.Count == 1:
                items.Reject(outcome.Reject(left.Events[0]));
                break;
            case Verdict.TooBig:
                _parts.Halve(WithLess(outcome, left));
                break;
            case Verdict.Rejected:
                _parts.Divide(WithLess(outcome, left));
                break;
            case var _ when !MayBlame(outcome):
                throw Stopped(outcome, left, outcome.After(attempt.Count));
            default:
                _first ??= new Suspect(left, outcome);
                _parts.Reject(WithLess(outcome, left), outcome);
                await DoubtAsync();
                break;
        }
    }

    // After many rejections: repeats an item that was accepted before, because every item of a batch may be bad.
    async Task DoubtAsync()
    {
        if (_parts.IsProven && _parts.Rejections >= MostRejections)
        {
            await EnsureItStillTakesAsync();
        }
        else if (!_parts.IsProven && items.Control is { } other && other == earlier && _parts.Rejections == MostRejections - 1)
        {
            await RepeatAsync(other);
        }
        else if (!_parts.IsProven && _parts.Rejections >= MostRejections)
        {
            throw TakesNothing();
        }
    }

    async Task JudgeAsync()
    {
        while (_parts.Suspects.Count > 0)
        {
            _ = items.Control ?? throw TakesNothing();
            // A receiver that fails only after a while may leave no time for others, so these suspects are settled one by one.
            var slow = _parts.Suspects.Where(each => each.Outcome is { MayRetry: true }).ToList();
            var many = slow.Count == 0 ? ManySuspects : slow.Any(each => each.IsConfirmed) ? 0 : 1;
            foreach (var suspect in _parts.Suspects.Where(each => !each.IsConfirmed).Take(many).ToList())
            {
                await SendAgainAsync(suspect);
            }

            if (_parts.Suspects.Any(each => each.IsConfirmed))
            {
                await EnsureItStillTakesAsync();
                PutAside();
            }
        }
    }

    /// <returns>Whether it was taken.</returns>
    async Task<bool> SendAgainAsync(Suspect suspect)
    {
        await attempts.PauseAsync(suspect.Outcome?.RetryAfter, limits);
        limits.Stop.ThrowIfCancellationRequested();
        var attempt = await attempts.ProbeAsync(suspect.Batch, limits);
        var outcome = attempt.Outcome!;
        _first ??= suspect with { Outcome = outcome };
        if (outcome.IsAboutEvents)
        {
            _parts.Settle(suspect);
            items.Reject(outcome.Reject(suspect.Batch.Events[0]));
            return false;
        }

        if (outcome.Verdict is Verdict.Accepted or Verdict.PartlyAccepted)
        {
            _parts.Settle(suspect);
            items.Reject(attempt.Rejected);
            Accept(attempt.AcceptedOf(suspect.Batch));
            return true;
        }

        _parts.Confirm(suspect, MayBlame(outcome) ? outcome : throw Stopped(outcome, suspect.Batch, outcome.After(attempt.Count)));
        return false;
    }

    async Task<Attempt> AttemptAsync(Batch part)
    {
        limits.Stop.ThrowIfCancellationRequested();
        var attempt = batch.Search == BlameSearch.OnFailure && HasOthers ? await ProbeAsync(part) : await attempts.TryAsync(part, limits);
        items.Reject(attempt.Rejected);
        if (attempt.AcceptedOf(part) is { Count: > 0 } taken)
        {
            _parts.Took(taken.Count);
            Accept(taken);
        }

        return attempt;
    }

    // A failure that cannot be about the events is temporary, so the request is tried again with patience.
    async Task<Attempt> ProbeAsync(Batch part)
    {
        var probe = await attempts.ProbeAsync(part, limits);
        return probe.Outcome is { MayRetry: true } outcome && !MayBlame(outcome)
            ? probe.And(await attempts.TryAsync(probe.Left, limits))
            : probe;
    }

    // An acceptance after a rejection shows that the rejection was not about the sink.
    void Accept(IReadOnlyList<ActivityEvent> taken)
    {
        items.Accept(taken);
        PutAside();
    }

    void PutAside()
    {
        foreach (var suspect in _parts.Suspects.Where(each => each.IsConfirmed).ToList())
        {
            items.Reject(suspect.Outcome!.Reject(suspect.Batch.Events[0]));
            _parts.Settle(suspect);
        }
    }

    async Task EnsureItStillTakesAsync()
    {
        var isForGood = _parts.Suspects.All(each => each.Outcome is { MayRetry: false });
        if (!isForGood || await attempts.AskWithNothingAsync(limits) is not { Verdict: Verdict.Accepted or Verdict.Rejected })
        {
            await RepeatAsync(items.Control!);
        }

        _parts.ResetRejections();
    }

    async Task RepeatAsync(Batch control)
    {
        var outcome = (await attempts.RepeatAsync(control, limits)).Outcome!;
        if (outcome.Verdict is not (Verdict.Accepted or Verdict.PartlyAccepted or Verdict.Rejected))
        {
            throw Stopped(outcome, control, ", though it has taken this before: so it is not about the events, and none is put aside");
        }

        _parts.ResetRejections();
    }

    /// <summary>Whether an answer that names no event may be about the events all the same, and other items can show it.</summary>
    bool MayBlame(DeliveryOutcome outcome) => HasOthers && outcome.MayBeAboutEvents
        && (outcome.MayRetry ? batch.Search == BlameSearch.OnFailure : batch.Search != BlameSearch.None || items.HasAccepted);

    Batch WithLess(DeliveryOutcome outcome, Batch left)
    {
        log.Debug("The sink {Sink:l} {What:l}; trying with less than these {Count} events", sink, outcome.What, left.Events.Count);
        return left;
    }

    Failure TakesNothing() => Stopped(_first!.Outcome!, _first.Batch, ", and takes none of the events alone either; nothing is put aside");

    Failure Stopped(DeliveryOutcome outcome, Batch left, string tried) =>
        new(outcome.ExitCode, $"The sink {sink} {outcome.What}{tried}; {outcome.Got} {left.Named}");
}
