using OpCollector.Cli.Hosting;
using OpCollector.Cli.Input;
using OpCollector.Cli.Runs;

namespace OpCollector.Cli;

/// <summary>The part of a log as the options of <c>backfill</c> give it: by event ids, or by times.</summary>
internal sealed record AskedRange(long? From, long? To, AskedTime? Since, AskedTime? Until, string? Stream)
{
    /// <summary>The range, where the options give one. What they alone show to be wrong comes before the configuration is read.</summary>
    /// <exception cref="Failure">The options do not go together, or not with the source of the configuration (64).</exception>
    public BackfillRange RangeIn(Host host)
    {
        var goesById = From is not null || To is not null;
        var goesByTime = Since is not null || Until is not null || Stream is not null;
        if (goesById && goesByTime)
        {
            throw Usage("--from and --to go by event ids, and --since, --until and --stream by time; they do not go together");
        }

        return goesById ? EventsIn(host)
            : goesByTime ? TimesIn(host)
            : throw Usage("--from EID or --since TIME is missing");
    }

    public static Failure Usage(string what) => new(ExitCode.Usage, $"{what}; see opcollector backfill --help");

    EidRange EventsIn(Host host)
    {
        if (From is not { } from)
        {
            throw Usage("--from EID is missing");
        }

        if (To <= from)
        {
            throw Usage("--to must be above --from");
        }

        return host.Settings.Source.At(from) is not null ? new EidRange(from, To) : throw Usage(
            "--from and --to are for the op source; for the events-api source write --since TIME [--until TIME] [--stream NAME]");
    }

    TimeRange TimesIn(Host host)
    {
        if (Since is not { } since)
        {
            throw Usage("--since TIME is missing");
        }

        if (Until?.Time <= since.Time)
        {
            throw Usage("--until must be later than --since");
        }

        if (host.Settings.Source.HasStreams)
        {
            return new TimeRange(since, Until, Stream, $"{since.Key} {Until?.Key} {Stream}");
        }

        return Stream is null
            ? new TimeRange(since, Until, stream: null, $"{since.Key} {Until?.Key}")
            : throw Usage("--stream is for the events-api source: op has the one stream audit");
    }
}
