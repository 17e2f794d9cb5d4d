namespace OpCollector.Sources.Op;

/// <summary>
/// Which ranges are read now, with as many calls of op at once as are allowed: those directly above what is delivered. Where the log has
/// more events than was expected, a range is cut and its parts are read side by side, so that each page that is read is needed.
/// </summary>
internal sealed class OpRangesAhead(Op op, OpRange all, EventSpacing spacing, CancellationToken ct)
{
    // The last page of a range is not full: the longer the range, the less that costs, and the later it can be delivered.
    const double Longest = 10;
    const double Shortest = 2;

    // Where the log is a little denser than expected, a range must not need one page more for it.
    const double Margin = 0.1;

    // So much longer than wanted a range may be.
    const double Slack = 1.5;

    // For each call that is allowed at once, so many pages are held or under way.
    const int MostHeld = 16;

    // Ascending, without gaps; the last one is the unread rest. Lock this list before you touch it.
    readonly List<OpRangeReading> _readings = all.Width > 0 ? [new OpRangeReading(all, spacing)] : [];

    // What a call under way may bring.
    long _largestPage;

    /// <summary>The lowest range that was not given out yet, once it is read; null behind the last one.</summary>
    public async Task<OpRangeAnswer?> NextAsync()
    {
        while (true)
        {
            Task<Task> next;
            lock (_readings)
            {
                Advance();
                if (_readings is not [var lowest, ..])
                {
                    return null;
                }

                if (lowest.Answer is { } answer)
                {
                    _readings.RemoveAt(0);
                    Advance();
                    return answer;
                }

                ct.ThrowIfCancellationRequested();
                next = Task.WhenAny(Calls);
            }

            await await next;
        }
    }

    /// <summary>Reads a range that was given out once more, and others that failed like it.</summary>
    public void Again(OpRange range)
    {
        lock (_readings)
        {
            _readings.Insert(0, new OpRangeReading(range, EventSpacing.Estimate(range.Width, (int)Longest * OpPage.Full)));
            foreach (var failed in _readings.Where(each => each.Answer?.Failure is not null))
            {
                failed.Restart();
            }
        }
    }

    /// <summary>Lets the calls that are under way come to their end: op leaves a broken session where it is killed.</summary>
    public async Task EndAsync()
    {
        Task[] calls;
        do
        {
            lock (_readings)
            {
                calls = [.. Calls.Where(call => !call.IsCompleted)];
            }

            await Task.WhenAll(calls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (calls.Length > 0);
    }

    IEnumerable<Task> Calls => _readings.Select(each => each.Call).OfType<Task>();

    // The lowest range is always read on, because its delivery blocks all others.
    bool HasRoom => _readings.Sum(each => each.Pages) + Calls.Count() < MostHeld * op.MostCalls
        && _readings.Sum(each => each.Bytes) + (Calls.Count() * _largestPage) < OpProcess.MostListed / 4
        && _readings.All(each => each.Answer?.Failure is null);

    // Each call that ends starts the next one: the consumer may be busy with a slow sink.
    void Advance()
    {
        ForgetWhatIsTooMuch();
        while (!ct.IsCancellationRequested && Calls.Count() < op.MostCalls && Idle() is { } idle)
        {
            idle.Call = Task.Run(() => ReadOnAsync(idle), CancellationToken.None);
        }
    }

    async Task ReadOnAsync(OpRangeReading reading)
    {
        try
        {
            var page = await op.ListInParallelAsync(reading.Query, ct);
            lock (_readings)
            {
                _largestPage = Math.Max(_largestPage, page.Bytes);
                reading.Keep(page);
                Advance();
            }
        }
        catch (Failure failure)
        {
            lock (_readings)
            {
                reading.Fail(failure);
                Advance();
            }
        }
    }

    /// <summary>The lowest range, or part of one, that can be asked for; null where there is none now.</summary>
    OpRangeReading? Idle()
    {
        var at = _readings.FindIndex(each => each.IsIdle);
        if (at < 0 || (at > 0 && !HasRoom))
        {
            return null;
        }

        var idle = _readings[at];
        var isRest = at == _readings.Count - 1 && !idle.IsBegun;
        // Towards the end of the log the ranges become short, so that all calls have something to do.
        var pages = isRest ? Math.Clamp(idle.PagesLeft / op.MostCalls, Shortest, Longest) : Longest;
        if (idle.PagesLeft <= pages * Slack || idle.CutOff(pages - Margin) is not { } part)
        {
            return idle;
        }

        _readings.Insert(at, part);
        return part;
    }

    // A range that holds far more than was expected leaves pages behind above it. What is highest is needed last.
    void ForgetWhatIsTooMuch()
    {
        for (var at = _readings.Count - 1; at > 0 && _readings.Sum(each => each.Bytes) > OpProcess.MostListed / 2; at--)
        {
            if (_readings[at].Call is null)
            {
                _readings[at].Restart();
            }
        }
    }
}
