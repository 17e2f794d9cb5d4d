namespace OpCollector.Tests.Support;

/// <summary>Waits for what another process does; every wait ends.</summary>
internal static class Until
{
    // What hangs is found in any case, and on a busy machine two seconds become a minute.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Task ExistsAsync(string path) => IsAsync(() => File.Exists(path), $"{path} exists");

    public static async Task IsAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"It did not come about within {Patience} that {what}");
            }

            await tick.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
