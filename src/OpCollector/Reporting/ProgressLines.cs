using OpCollector.Sources;
using Serilog;

namespace OpCollector.Reporting;

/// <summary>A line a minute with <c>--verbose</c>, where no bar can be drawn.</summary>
internal sealed class ProgressLines(TimeProvider time, ILogger log) : RunProgress(time)
{
    static readonly TimeSpan BetweenLines = TimeSpan.FromMinutes(1);

    readonly TimeProvider _time = time;
    long _logged = time.GetTimestamp();

    public override void Show(RunCounts counts, Position position)
    {
        base.Show(counts, position);
        if (_time.GetElapsedTime(_logged) >= BetweenLines)
        {
            _logged = _time.GetTimestamp();
            log.Debug("{Progress:l}", State!.Text);
        }
    }

    protected override async Task ShowAsync(ReadCount read, CancellationToken stop)
    {
        while (State is null && await Terminal.PassesAsync(BetweenLines, _time, stop))
        {
            if (State is null)
            {
                log.Debug("{Progress:l}", read.Text);
            }
        }
    }
}
