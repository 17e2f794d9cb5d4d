using System.Globalization;
using OpCollector.Delivery.Forms;

namespace Benchmarks;

/// <summary>
/// Measures the shipped executable beside a Python script and a shell script that do the same job, and prints a table for the
/// README. Run by hand: <c>dotnet run -c Release --project tests/Benchmarks [-- --rounds N] [--walk EVENTS] [--only PART] [--collector
/// FILE] [--beside SCRIPT]</c>.
/// </summary>
internal static class Program
{
    const int Deliveries = 20_000;
    const int ManyDeliveries = 200_000;
    const int ManyBackfilled = 1_000_000;
    const int Parallel = 100_000;
    const int IdleHistory = 40;
    static readonly TimeSpan SlowCall = TimeSpan.FromMilliseconds(200);
    const int AuditEvents = 100_000;
    const int ManyAuditEvents = 1_000_000;

    public static int Main(string[] arguments)
    {
        try
        {
            if (arguments is [Explaining.Command, var events, var names, var shape])
            {
                Explaining.Explain(events, names, ShapeByName.Find(shape));
                return 0;
            }

            var options = Options.From(arguments);
            using var workshop = new Workshop(options.Collector);
            using var receiver = new Receiver();
            Console.WriteLine(Run(options, workshop, receiver));
            return 0;
        }
        catch (BenchmarkException ex)
        {
            Console.Error.WriteLine(ex.Message);
            return 1;
        }
    }

    static string Run(Options options, Workshop workshop, Receiver receiver)
    {
        var race = new Race(workshop, receiver);
        using var api = new EventsApiServer();
        Contestant[] peers = [.. Peer.All(workshop, receiver)];
        var python = (Contestant?)peers.FirstOrDefault(peer => peer.Name == Peer.Python);
        var report = new Report(python?.Name);
        var collector = new Collector(workshop, receiver);
        if (options.Wants("delivering"))
        {
            report.Add($"{Number(Deliveries)} events", race.Deliver(Deliveries, options.Rounds, [collector, .. peers]));
            report.Add($"{Number(ManyDeliveries)} events", race.Deliver(ManyDeliveries, rounds: 1, [collector]));
            report.Add($"{Number(options.WalkEvents)} events, walked back to", race.Walk(options.WalkEvents, collector));
        }

        if (options.Wants("starting"))
        {
            report.Add("nothing new", race.Idle(IdleHistory, options.Rounds, python is null ? [collector] : [collector, python]));
            report.Add(
                "start only",
                race.Start(options.Rounds, python is null ? [new VersionOnly(workshop)] : [new VersionOnly(workshop), ScriptOnly]));
        }

        if (options.Wants("explaining"))
        {
            report.Add(
                $"{Number(Explaining.Events)} events given names",
                race.InTurn(options.Rounds, Explaining.Events, [.. Explaining.All(workshop)]));
        }

        if (options.Wants("shaping"))
        {
            foreach (var stream in Shaping.Streams)
            {
                report.Add($"{Number(Shaping.Events)} events of {stream}", Shaping.InTurn(options.Rounds, stream), Shaping.Enricher);
            }
        }

        if (options.Wants("detecting"))
        {
            report.Add(
                $"{Number(Detecting.Events)} events looked at",
                race.InTurn(options.Rounds, Detecting.Events, [.. Detecting.All(workshop)]));
        }

        if (options.Wants("backfill"))
        {
            var (one, eight) = (new Backfill(workshop, receiver, parallel: 1), new Backfill(workshop, receiver, parallel: 8));
            report.Add(
                $"{Number(Deliveries)} events, an op that takes {SlowCall.TotalMilliseconds} ms",
                race.Deliver(Deliveries, rounds: 1, [one, eight, .. peers], SlowCall));
            report.Add($"{Number(ManyBackfilled)} events backfilled", race.Deliver(ManyBackfilled, rounds: 1, [one, eight]));
            report.Add($"{Number(ManyBackfilled)} events, the rest after a kill", race.Resume(ManyBackfilled, eight));
        }

        if (options.Wants("parallel"))
        {
            Contestant[] several = [.. ((int[])[4, 8, 16]).Select(calls => new Backfill(workshop, receiver, calls))];
            foreach (var (history, words) in ((string, string)[])[("contiguous", ""), ("days", ", busy days and quiet nights")])
            {
                report.Add(
                    $"{Number(Parallel)} events, an op that takes {SlowCall.TotalMilliseconds} ms{words}",
                    race.Deliver(Parallel, rounds: 1, several, SlowCall, history));
            }
        }

        if (options.Wants("events-api"))
        {
            var events = EventsCollector.To(workshop, api, receiver);
            report.Add(
                $"Events API: {Number(AuditEvents)} events",
                race.Deliver(
                    api,
                    AuditEvents,
                    options.Rounds,
                    [events, .. EventsPeer.All(options, workshop, api, receiver)]));
            report.Add($"Events API: {Number(ManyAuditEvents)} events", race.Deliver(api, ManyAuditEvents, rounds: 1, [events]));
        }

        if (options.Wants("routes"))
        {
            var usual = EventsCollector.To(workshop, api, receiver);
            report.Add(
                $"Events API: {Number(AuditEvents)} events",
                race.Deliver(api, AuditEvents, options.Rounds, [usual, .. EventsCollector.Forms(workshop, api, receiver)]),
                usual.Name);
        }

        if (options.Wants("latency"))
        {
            var events = EventsCollector.To(workshop, api, receiver);
            AddLatency(options, report, race, api, [events, .. EventsPeer.All(options, workshop, api, receiver)]);
        }

        if (options.Wants("s3") && Tools.HasAll("a bucket", "node", "npm"))
        {
            using var bucket = new Bucket(workshop);
            report.Add(
                $"Events API: {Number(AuditEvents)} events into s3rver",
                race.Put(api, AuditEvents, options.Rounds, EventsCollector.To(workshop, api, bucket), bucket));
        }

        return report.ToMarkdown(Machine.Describe(workshop), options.Rounds);
    }

    // As an API and a receiver far away have it, and each of them alone.
    static void AddLatency(Options options, Report report, Race race, EventsApiServer api, Contestant[] contestants)
    {
        foreach (var source in (int[])[0, options.SourceLatency])
        {
            foreach (var sink in (int[])[0, options.SinkLatency])
            {
                report.Add(
                    $"Events API: {Number(Deliveries)} events, {source} ms a page, {sink} ms a request",
                    race.Deliver(api, (source, sink), Deliveries, options.Rounds, contestants));
            }
        }
    }

    // What the script loads before it does anything.
    static Tool ScriptOnly => new(Peer.Python, Tools.Python, "-c", "import http.client, json, os, subprocess, sys");

    static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
