using OpCollector.Sources;

namespace OpCollector.Cli;

/// <summary>The part of a log that a backfill is asked for.</summary>
internal abstract class BackfillRange
{
    /// <summary>The same for the same range, so that the same command finds what an interrupted one left.</summary>
    public abstract string Key { get; }

    /// <summary>Where it begins, with an end that is fixed from now on; null where there is nothing in it.</summary>
    public abstract Task<Position?> BeginAsync(Host host, Source source, CancellationToken ct);
}
