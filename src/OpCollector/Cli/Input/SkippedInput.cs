using Serilog;

namespace OpCollector.Cli.Input;

/// <summary>What was read and is not an event: reported with its place and counted; the exit code says that there was some.</summary>
internal sealed class SkippedInput(ILogger log)
{
    const int MostTold = 20;

    readonly HashSet<(string Origin, string Wrong)> _told = [];
    long _count;

    /// <summary>How it went, when all is read.</summary>
    public ExitCode Code => _count > 0 ? ExitCode.SourceData : ExitCode.Done;

    /// <summary>Counts an item; what is wrong with every item of the same origin is reported once.</summary>
    /// <param name="origin">The file or the stream that it is from.</param>
    /// <param name="place">Where it is in there: a line or an id.</param>
    /// <param name="wrong">Why it is not an event, as the end of a sentence.</param>
    public void Add(string origin, string place, string wrong)
    {
        _count++;
        if (_told.Count < MostTold && _told.Add((origin, wrong)))
        {
            log.Warning("{Origin:l}:{Place:l}: {Wrong:l}, and left out", origin, place, wrong);
        }
    }

    /// <summary>Reports how many there were.</summary>
    /// <param name="events">How many events there were beside them.</param>
    public void Finish(long events)
    {
        if (_count > 1)
        {
            log.Warning("{Number} in all were left out; {Events} events were looked at", _count, events);
        }
    }
}
