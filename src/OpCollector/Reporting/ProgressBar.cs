using OpCollector.Sources;

namespace OpCollector.Reporting;

/// <summary>A bar on a terminal. A quick run draws none.</summary>
internal abstract class ProgressBar(Terminal terminal, TimeProvider time) : RunProgress(time)
{
    static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);

    readonly TimeProvider _time = time;

    protected override async Task ShowAsync(ReadCount read, CancellationToken stop)
    {
        if (await Terminal.PassesAsync(Quick, _time, stop))
        {
            await terminal.DrawAsync(() => (State?.Part, State?.Text ?? read.Text), stop);
        }
    }
}

/// <summary>A bar for the whole run.</summary>
internal sealed class LastingBar(Terminal terminal, TimeProvider time) : ProgressBar(terminal, time);

/// <summary>A bar that ends where the run begins to print to the same screen: each would overwrite the other.</summary>
internal sealed class BarUntilPrinted(Terminal terminal, TimeProvider time) : ProgressBar(terminal, time)
{
    public override Task ShowPrintedAsync(RunCounts counts, Position position) => EndAsync();
}
