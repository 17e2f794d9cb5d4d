namespace Benchmarks;

/// <summary>Lets contestants take turns, so that what else the machine does falls upon all of them alike.</summary>
internal sealed class Race(Workshop workshop, Receiver receiver)
{
    // A batch, which a kill repeats.
    const int MostRepeated = 100;

    /// <summary>Everything that op holds, from the first event on.</summary>
    /// <param name="call">How long op takes for each call.</param>
    /// <param name="history">How its ids are spread.</param>
    public Result[] Deliver(int events, int rounds, Contestant[] contestants, TimeSpan call = default, string history = "contiguous")
    {
        workshop.Hold(events, history, call);
        return InTurn(rounds, contestants, events, contestant => FromTheBeginning(contestant, events));
    }

    /// <summary>Everything that an Events API holds.</summary>
    public Result[] Deliver(EventsApiServer api, int events, int rounds, Contestant[] contestants)
    {
        api.Hold(events);
        return InTurn(rounds, contestants, events, contestant => FromTheBeginning(contestant, events));
    }

    /// <summary>The same with an API and a receiver that take their time, in milliseconds.</summary>
    public Result[] Deliver(EventsApiServer api, (int Source, int Sink) latency, int events, int rounds, Contestant[] contestants)
    {
        (api.Latency, receiver.Latency) = (TimeSpan.FromMilliseconds(latency.Source), TimeSpan.FromMilliseconds(latency.Sink));
        var results = Deliver(api, events, rounds, contestants);
        (api.Latency, receiver.Latency) = (TimeSpan.Zero, TimeSpan.Zero);
        return results;
    }

    /// <summary>Everything that an Events API holds, into a bucket.</summary>
    public Result[] Put(EventsApiServer api, int events, int rounds, Contestant contestant, Bucket bucket)
    {
        api.Hold(events);
        return InTurn(rounds, [contestant], events, each =>
        {
            each.Reset();
            bucket.Empty();
            var measurement = Meter.Run(workshop, each);
            return bucket.Lines == events
                ? measurement
                : throw new BenchmarkException($"{each.Name} put {bucket.Lines} events into the bucket instead of {events}");
        });
    }

    /// <summary>A run that finds nothing new, as most runs from cron do.</summary>
    public Result[] Idle(int history, int rounds, Contestant[] contestants)
    {
        workshop.Hold(history);
        foreach (var contestant in contestants)
        {
            FromTheBeginning(contestant, history);
        }

        return InTurn(rounds, contestants, events: 0, contestant => Measured(contestant, events: 0));
    }

    /// <summary>A start, and nothing else.</summary>
    public Result[] Start(int rounds, Contestant[] contestants) =>
        InTurn(rounds, contestants, events: 0, contestant => Measured(contestant, events: 0));

    /// <summary>The same as <see cref="Deliver"/> behind a server that answers with its newest events only.</summary>
    public Result[] Walk(int events, Contestant contestant)
    {
        workshop.Hold(events, "newest");
        return InTurn(rounds: 1, [contestant], events, each => FromTheBeginning(each, events));
    }

    /// <summary>The rest of everything that op holds, after a run that was killed at a moment nobody has chosen.</summary>
    public Result[] Resume(int events, Contestant contestant)
    {
        workshop.Hold(events);
        contestant.Reset();
        receiver.Reset();
        using (var killed = Meter.Start(workshop, contestant.Command))
        {
            var enough = Random.Shared.Next(events / 4, events * 3 / 4);
            while (receiver.Events < enough && !killed.WaitForExit(1))
            {
            }

            killed.Kill();
            killed.WaitForExit();
        }

        var before = receiver.Events;
        var measurement = Meter.Run(workshop, contestant);
        Console.Error.WriteLine(
            $"{contestant.Name}, killed at {before} of {events} events, then {receiver.Events - before} more: {measurement}");
        return receiver.Events >= events && receiver.Events <= events + MostRepeated
            ? [Result.Of(contestant.Name, (int)(receiver.Events - before), [measurement])]
            : throw new BenchmarkException($"{contestant.Name} delivered {receiver.Events} events instead of {events}");
    }

    /// <summary>Programs that work on a file alone.</summary>
    public Result[] InTurn(int rounds, int events, Contestant[] contestants) =>
        InTurn(rounds, contestants, events, contestant => Meter.Run(workshop, contestant));

    static Result[] InTurn(int rounds, Contestant[] contestants, int events, Func<Contestant, Measurement> measure)
    {
        var measured = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Measurement>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                var measurement = measure(contestant);
                measured[contestant.Name].Add(measurement);
                Console.Error.WriteLine($"{contestant.Name}, {events} events, {round} of {rounds}: {measurement}");
            }
        }

        return [.. measured.Select(each => Result.Of(each.Key, events, each.Value))];
    }

    Measurement FromTheBeginning(Contestant contestant, int events)
    {
        contestant.Reset();
        return Measured(contestant, events);
    }

    Measurement Measured(Contestant contestant, int events)
    {
        receiver.Reset();
        var measurement = Meter.Run(workshop, contestant);
        return receiver.Events == events
            ? measurement
            : throw new BenchmarkException($"{contestant.Name} delivered {receiver.Events} events instead of {events}");
    }
}
