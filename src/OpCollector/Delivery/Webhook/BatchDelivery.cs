using OpCollector.Events;
using Serilog;

namespace OpCollector.Delivery.Webhook;

/// <summary>
/// The delivery of one batch: sends it in parts, looks for the events to blame where parts are refused, and puts aside only what is refused
/// while the receiver still takes others.
/// </summary>
/// <param name="earlier">An item of another batch that the receiver took in this run; null where there is none.</param>
internal sealed class BatchDelivery(Batch batch, Batch? earlier, Attempts attempts, string sink, ILogger log)
{
    const int ManySuspects = 12;

    // Whether anything is taken at all shows with so many requests, or it is us.
    const int MostRefusals = 12;

    readonly ItemOutcomes _items = new(batch, earlier);
    BatchParts _parts = null!;
    Suspect? _first;

    // Of a single item nobody can tell whether it is to blame.
    bool HasOthers => batch.Events.Count > 1 || earlier is not null;

    public async Task<Receipt> RunAsync(int? mostEventBytes, RunLimits limits)
    {
        _items.KeepBack(mostEventBytes);
        _parts = batch.Memory.IsSearch
            ? BatchParts.Resumed(_items.Open, attempts.Size, _items.RefusedBefore, _items.RefusedUntil)
            : new BatchParts(_items.Open, attempts.Size, _items.RefusedBefore);
        try
        {
            await ResumeAsync(limits);
            await SendAsync(limits);
            await JudgeAsync(limits);
            return _items.Close(end: null, _parts);
        }
        catch (Exception ex) when (ex is Failure or OperationCanceledException)
        {
            return _items.Close(ex, _parts);
        }
    }

    // Those that earlier runs sent alone come first, so that each run finishes some. Where one is taken now, it was the moment.
    async Task ResumeAsync(RunLimits limits)
    {
        if (_parts.Suspects is [var first, ..] && await SendAgainAsync(first, limits))
        {
            _items.RefusedBefore.Clear();
            _parts = new BatchParts(_items.Open, attempts.Size, _items.RefusedBefore);
        }

        await JudgeAsync(limits);
    }

    async Task SendAsync(RunLimits limits)
    {
        while (_parts.Next() is { } part)
        {
            if (_parts.IsLast)
            {
                // What is taken behind the suspects shows that the receiver takes things, and nothing has to be sent twice for it.
                await SendAgainAsync(_parts.Suspects.Where(each => !each.IsConfirmed), limits);
            }

            var attempt = await AttemptAsync(part, limits);
            await ActAsync(attempt.Outcome!, attempt, limits);
        }
    }

    async Task ActAsync(DeliveryOutcome outcome, Attempt attempt, RunLimits limits)
    {
        var left = attempt.Left;
        switch (outcome.Verdict)
        {
            case Verdict.Accepted:
                break;
            case Verdict.PartlyAccepted:
                _parts.Return(left);
                break;
            case Verdict.TooBig or Verdict.Rejected when left.Events.Count == 1:
                _items.Refuse(outcome.Refusing(left.Events[0]));
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
                _parts.Refused(WithLess(outcome, left), outcome);
                await DoubtAsync(limits);
                break;
        }
    }

    // All of a batch may be to blame: what was taken before it tells.
    async Task DoubtAsync(RunLimits limits)
    {
        if (_parts.IsProven && _parts.Refusals >= MostRefusals)
        {
            await EnsureItStillTakesAsync(limits);
        }
        else if (!_parts.IsProven && _items.Control is { } other && other == earlier && _parts.Refusals == MostRefusals - 1)
        {
            await RepeatAsync(other, limits);
        }
        else if (!_parts.IsProven && _parts.Refusals >= MostRefusals)
        {
            throw TakesNothing();
        }
    }

    async Task JudgeAsync(RunLimits limits)
    {
        while (_parts.Suspects.Count > 0)
        {
            if (_items.Control is null)
            {
                throw TakesNothing();
            }

            // What fails only after a while may leave no time for others: one after the other is finished with.
            var slow = _parts.Suspects.Where(each => each.Outcome is { MayRetry: true }).ToList();
            var many = slow.Count == 0 ? ManySuspects : slow.Any(each => each.IsConfirmed) ? 0 : 1;
            await SendAgainAsync(_parts.Suspects.Where(each => !each.IsConfirmed).Take(many), limits);
            if (_parts.Suspects.Any(each => each.IsConfirmed))
            {
                await EnsureItStillTakesAsync(limits);
                PutAside();
            }
        }
    }

    async Task SendAgainAsync(IEnumerable<Suspect> suspects, RunLimits limits)
    {
        foreach (var suspect in suspects.ToList())
        {
            await SendAgainAsync(suspect, limits);
        }
    }

    /// <returns>Whether it was taken.</returns>
    async Task<bool> SendAgainAsync(Suspect suspect, RunLimits limits)
    {
        await attempts.PauseAsync(suspect.Outcome?.RetryAfter, limits);
        limits.Stop.ThrowIfCancellationRequested();
        var attempt = await attempts.ProbeAsync(suspect.Batch, limits);
        var outcome = attempt.Outcome!;
        _first ??= suspect with { Outcome = outcome };
        if (outcome.IsAboutEvents)
        {
            _parts.Clear(suspect);
            _items.Refuse(outcome.Refusing(suspect.Batch.Events[0]));
            return false;
        }

        if (outcome.Verdict is Verdict.Accepted or Verdict.PartlyAccepted)
        {
            _parts.Clear(suspect);
            _items.Refuse(attempt.Refused);
            Accept(attempt.AcceptedOf(suspect.Batch));
            return true;
        }

        _parts.Confirm(suspect, MayBlame(outcome) ? outcome : throw Stopped(outcome, suspect.Batch, outcome.After(attempt.Count)));
        return false;
    }

    async Task<Attempt> AttemptAsync(Batch part, RunLimits limits)
    {
        limits.Stop.ThrowIfCancellationRequested();
        var isStuck = batch.Search == BlameSearch.OfFailing && HasOthers;
        var attempt = isStuck ? await ProbeAsync(part, limits) : await attempts.TryAsync(part, limits);
        _items.Refuse(attempt.Refused);
        if (attempt.AcceptedOf(part) is { Count: > 0 } taken)
        {
            _parts.Took(all: taken.Count == part.Events.Count);
            Accept(taken);
        }

        return attempt;
    }

    // What has nothing to do with the events is a moment that passes.
    async Task<Attempt> ProbeAsync(Batch part, RunLimits limits)
    {
        var probe = await attempts.ProbeAsync(part, limits);
        return probe.Outcome is { MayRetry: true } outcome && !MayBlame(outcome)
            ? probe.And(await attempts.TryAsync(probe.Left, limits))
            : probe;
    }

    // What is taken behind a refusal shows that the refusal was not about us.
    void Accept(IReadOnlyList<ActivityEvent> taken)
    {
        _items.Accept(taken);
        PutAside();
    }

    void PutAside()
    {
        foreach (var suspect in _parts.Suspects.Where(each => each.IsConfirmed).ToList())
        {
            _items.Refuse(suspect.Outcome!.Refusing(suspect.Batch.Events[0]));
            _parts.Clear(suspect);
        }
    }

    // A request with nothing in it tells whether we are known, a repetition whether events are taken.
    async Task EnsureItStillTakesAsync(RunLimits limits)
    {
        var isForGood = _parts.Suspects.All(each => each.Outcome is { MayRetry: false });
        if (!isForGood || await attempts.AskWithNothingAsync(limits) is not { Verdict: Verdict.Accepted or Verdict.Rejected })
        {
            await RepeatAsync(_items.Control!, limits);
        }

        _parts.StillTakes();
    }

    async Task RepeatAsync(Batch control, RunLimits limits)
    {
        var outcome = (await attempts.RepeatAsync(control, limits)).Outcome!;
        if (outcome.Verdict is not (Verdict.Accepted or Verdict.PartlyAccepted or Verdict.Rejected))
        {
            throw Stopped(outcome, control, ", though it has taken this before: so it is not about the events, and none is put aside");
        }

        _parts.StillTakes();
    }

    /// <summary>Whether an answer that names no event may be about the events all the same, and others can tell.</summary>
    bool MayBlame(DeliveryOutcome outcome) => HasOthers && outcome.MayBeAboutEvents
        && (outcome.MayRetry ? batch.Search == BlameSearch.OfFailing : batch.Search != BlameSearch.None || _items.HasAccepted);

    Batch WithLess(DeliveryOutcome outcome, Batch left)
    {
        log.Debug("The sink {Sink:l} {What:l}; trying with less than these {Count} events", sink, outcome.What, left.Events.Count);
        return left;
    }

    Failure TakesNothing() => Stopped(_first!.Outcome!, _first.Batch, ", and takes none of the events alone either; nothing is put aside");

    Failure Stopped(DeliveryOutcome outcome, Batch left, string tried) =>
        new(outcome.ExitCode, $"The sink {sink} {outcome.What}{tried}; {outcome.Got} {left.Events[0].Id} to {left.Events[^1].Id}");
}
