using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EventsApiEmulator;
using OpCollector.Configuration;
using OpCollector.Delivery.Forms;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Names.Words;

namespace Benchmarks;

/// <summary>What the forms cost in which events are sent, in this process, beside what names and sentences cost.</summary>
internal static class Shaping
{
    public const int Events = 200_000;
    public const string Enricher = "opcollector's enricher";

    const string Op = "op";
    const int Page = 1000;

    // As few as a run keeps in memory, and therefore again and again.
    const int Pages = 4;
    const int Longest = 1500;

    /// <summary>op's events, and the three of the Events API.</summary>
    public static readonly string[] Streams = [Op, .. EventStream.All.Select(each => each.Name)];

    static readonly NameBook Names = Explaining.Names;
    static readonly DateTimeOffset Noon = new(2026, 9, 1, 12, 0, 0, TimeSpan.Zero);

    static readonly (string Name, SentForm Form)[] Forms =
    [
        ("events-api", From("""{"shape":"events-api"}""")),
        ("ocsf", From("""{"shape":"ocsf"}""")),
        ("add", From("""{"add":{"tenant_id":"acme"}}""")),
        ("add and event", From("""{"add":{"tenant_id":"acme"},"event":{"@timestamp":"{time}","message":"{event:text}"}}""")),
    ];

    /// <summary>All of them in turn on the same events.</summary>
    public static Result[] InTurn(int rounds, string of)
    {
        var (stream, dialect) = of == Op ? (OpCollector.Events.Streams.Audit, Dialect.Op) : (of, Dialect.EventsApi);
        ActivityEvent[][] pages = [.. Enumerable.Range(0, Pages * Page).Select(number => Event(of, number)).Chunk(Page)];
        ActivityEvent[][] explained = [.. pages.Select(page => Explain(page, stream, dialect))];
        var measured = Forms.Select(each => each.Name).Prepend(Enricher).ToDictionary(each => each, _ => new List<Measurement>());
        for (var round = 0; round <= rounds; round++)
        {
            var all = Forms
                .Select(each => (each.Name, Measured(explained, page => each.Form.Apply(page, stream).Dispose())))
                .Append((Enricher, Measured(pages, page => Explain(page, stream, dialect))));
            foreach (var (name, measurement) in all.ToArray())
            {
                // The first round compiles.
                measured[name].AddRange(round == 0 ? [] : [measurement]);
                Console.Error.WriteLine($"{of}, {name}, {round} of {rounds}: {measurement}");
            }
        }

        return [.. measured.Select(each => Result.Of(each.Key, Events, each.Value))];
    }

    static ActivityEvent[] Explain(ActivityEvent[] page, string stream, Dialect dialect)
    {
        var enricher = new Enricher(dialect, Names, Vocabulary.Standard, page.Length * Longest);
        return [.. page.Select(each => enricher.Enrich(each, stream, unknown: null))];
    }

    static Measurement Measured(ActivityEvent[][] pages, Action<ActivityEvent[]> work)
    {
        GC.Collect();
        var (watch, before) = (System.Diagnostics.Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        for (var done = 0; done < Events; done += Pages * Page)
        {
            Array.ForEach(pages, work);
        }

        var cpu = Environment.CpuUsage.TotalTime - before;
        return new Measurement(watch.Elapsed, cpu, cpu, Environment.WorkingSet / (1024.0 * 1024));
    }

    static SentForm From(string sink)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, sink);
        var form = SentForm.Read(ConfigurationFile.Read(file));
        File.Delete(file);
        return form;
    }

    static ActivityEvent Event(string of, int number)
    {
        var feature = EventStream.All.SingleOrDefault(each => each.Name == of)?.Feature;
        var text = feature is null
            ? Explaining.Event(number)
            : Samples.Of(feature, Samples.Uuid($"{number}"), Noon.AddSeconds(number), number);
        return ActivityEvent.Read(Encoding.UTF8.GetBytes(text), of == Op ? EventIdentity.Op : EventIdentity.EventsApi).Event!;
    }
}
