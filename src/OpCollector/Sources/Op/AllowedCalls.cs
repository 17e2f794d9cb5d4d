using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// How many calls of op may be under way at once: as many as were asked for, and half of them each time that 1Password asks for fewer.
/// </summary>
internal sealed class AllowedCalls(int mostCalls, ILogger log)
{
    readonly Lock _halving = new();
    int _mostCalls = mostCalls;

    /// <summary>How many there would be if 1Password never asked for fewer.</summary>
    public int MostEver { get; } = mostCalls;

    /// <summary>How many there may be now.</summary>
    public int MostCalls => _mostCalls;

    /// <param name="before">How many were allowed when the call began: calls that were throttled together halve the number once.</param>
    public void Halve(int before)
    {
        lock (_halving)
        {
            if (_mostCalls == before && _mostCalls > 1)
            {
                _mostCalls /= 2;
                log.Information("1Password asks for fewer requests: {Count} calls of op at once from now on", _mostCalls);
            }
        }
    }
}
