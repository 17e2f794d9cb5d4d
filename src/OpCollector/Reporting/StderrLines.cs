using System.Globalization;
using System.Text;
using OpCollector.Storage;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace OpCollector.Reporting;

/// <summary>
/// stderr where nobody watches: a line for each event of the log. A reader that takes nothing for a while delays no run: lines are left out
/// until it reads again, and the next line says how many.
/// </summary>
internal sealed class StderrLines(ITextFormatter format) : ILogEventSink
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    static readonly MessageTemplate Missing =
        new MessageTemplateParser().Parse("Nobody has read stderr for a while, so {Lines:l} of this log are left out here");

    readonly Lock _gate = new();
    int _leftOut;

    public void Emit(LogEvent logEvent)
    {
        lock (_gate)
        {
            if (_leftOut > 0 && TryWrite(CountOfMissing(logEvent.Timestamp)))
            {
                _leftOut = 0;
            }

            _leftOut += _leftOut == 0 && TryWrite(logEvent) ? 0 : 1;
        }
    }

    LogEvent CountOfMissing(DateTimeOffset now)
    {
        var lines = new LogEventProperty("Lines", new ScalarValue(Quantity.Format(_leftOut, "line")));
        return new LogEvent(now, LogEventLevel.Warning, exception: null, Missing, [lines]);
    }

    // A stderr that cannot be written at all is as good as written: there is nobody to tell.
    bool TryWrite(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        format.Format(logEvent, text);
        ReadOnlySpan<byte> line = Encoding.UTF8.GetBytes(text.ToString());
        var error = 0;
        while (!line.IsEmpty && error == 0)
        {
            error = Libc.WritePiece(StandardStreams.Stderr, ref line, _leftOut == 0 ? Patience : TimeSpan.Zero);
        }

        return error != Libc.WouldBlock;
    }
}
