using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Spectre.Console;

namespace OpCollector.Reporting;

/// <summary>stderr where somebody watches: log lines, and below them a bar while there is one. Neither tears the other.</summary>
internal sealed class Terminal(IAnsiConsole console, ITextFormatter format) : ILogEventSink
{
    const string EraseBelow = "\u001b[J";

    volatile bool _isDrawing;

    /// <summary>Null where stderr is not a terminal, or is one that cannot draw over a line.</summary>
    public static Terminal? TryOpen(ITextFormatter format)
    {
        if (Console.IsErrorRedirected)
        {
            return null;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Interactive = InteractionSupport.Yes,
        });
        return console.Profile.Capabilities.Ansi ? new Terminal(console, format) : null;
    }

    // As it is: a line that is longer than the screen is wide is still one line when somebody copies it.
    public void Emit(LogEvent logEvent)
    {
        using var line = new StringWriter();
        format.Format(logEvent, line);
        // A line that is wider than the screen would leave the end of the bar behind its own.
        console.Write(new ControlCode(_isDrawing ? $"{EraseBelow}{line}" : line.ToString()));
    }

    /// <summary>Draws a bar until it is stopped; then it removes the bar.</summary>
    /// <param name="state">What to draw now.</param>
    public async Task DrawAsync(Func<(double? Part, string Text)> state, CancellationToken stop)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        try
        {
            await console.Progress().AutoRefresh(enabled: false).AutoClear(enabled: true)
                .Columns(new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
                .StartAsync(async context =>
                {
                    // It is not given back when a second signal ends the run at once.
                    console.Cursor.Show();
                    _isDrawing = true;
                    var bar = context.AddTask(Markup.Escape(state().Text), maxValue: 1);
                    do
                    {
                        var now = state();
                        bar.IsIndeterminate = now.Part is null;
                        bar.Value = now.Part ?? 0;
                        bar.Description = Markup.Escape(now.Text);
                        context.Refresh();
                    }
                    while (await NextAsync(tick, stop));
                });
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException
            or InvalidOperationException or ArgumentException or NotSupportedException)
        {
            // The terminal is gone, or cannot draw; the run goes on.
        }
        finally
        {
            _isDrawing = false;
        }
    }

    /// <summary>Waits so long.</summary>
    /// <returns>Whether it was not told to stop meanwhile.</returns>
    public static async Task<bool> PassesAsync(TimeSpan length, TimeProvider time, CancellationToken stop)
    {
        try
        {
            await Task.Delay(length, time, stop);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    static async Task<bool> NextAsync(PeriodicTimer tick, CancellationToken stop)
    {
        try
        {
            return await tick.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
