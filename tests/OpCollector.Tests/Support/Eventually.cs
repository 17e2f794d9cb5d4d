namespace OpCollector.Tests.Support;

/// <summary>Waits for something that another process is about to do, and not for ever.</summary>
internal static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var poll = new PeriodicTimer(Poll);
        while (!condition())
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited {Patience} in vain: {what}");
            }

            await poll.WaitForNextTickAsync();
        }
    }
}
