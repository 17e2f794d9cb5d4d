using Serilog;

namespace OpCollector.Sources.Op;

/// <summary>
/// How many calls of op may be under way at once: as many as were asked for, and half of them each time that 1Password asks for fewer.
/// </summary>
internal sealed class AllowedCalls(int wanted, ILogger log)
{
    readonly Lock _halving = new();
    int _most = wanted;

    /// <summary>How many there would be if 1Password never asked for fewer.</summary>
    public int Wanted { get; } = wanted;

    public int Most => _most;

    /// <param name="before">How many were allowed when the call began: calls that were throttled together halve the number once.</param>
    public void Halve(int before)
    {
        lock (_halving)
        {
            if (_most == before && _most > 1)
            {
                _most /= 2;
                log.Information("1Password asks for fewer requests: {Count} calls of op at once from now on", _most);
            }
        }
    }
}
