using System.Globalization;
using System.Text;
using OpCollector.Storage;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace OpCollector.Reporting;

/// <summary>
/// stderr where nobody watches: what Serilog's console writes to, a line of the log at a time. A reader that takes nothing for a while
/// delays no run: lines are left out until it reads again, and the next line says how many.
/// </summary>
/// <param name="format">That of the log, in which it is said too that lines are missing.</param>
internal sealed class StderrLines(ITextFormatter format, TimeProvider time) : TextWriter(CultureInfo.InvariantCulture)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    static readonly MessageTemplate Missing =
        new MessageTemplateParser().Parse("Nobody has read stderr for a while, so {Lines:l} of this log are left out here");

    readonly Lock _gate = new();
    int _leftOut;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        lock (_gate)
        {
            if (_leftOut > 0 && TryWrite(CountOfMissing()))
            {
                _leftOut = 0;
            }

            _leftOut += _leftOut == 0 && TryWrite(value ?? "") ? 0 : 1;
        }
    }

    string CountOfMissing()
    {
        var lines = new LogEventProperty("Lines", new ScalarValue(Quantity.Format(_leftOut, "line")));
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        format.Format(new LogEvent(time.GetLocalNow(), LogEventLevel.Warning, exception: null, Missing, [lines]), text);
        return text.ToString();
    }

    // A stderr that cannot be written at all is as good as written: there is nobody to tell.
    bool TryWrite(string text)
    {
        ReadOnlySpan<byte> line = Encoding.UTF8.GetBytes(text);
        var error = 0;
        while (!line.IsEmpty && error == 0)
        {
            error = Libc.WritePiece(StandardStreams.Stderr, ref line, _leftOut == 0 ? Patience : TimeSpan.Zero);
        }

        return error != Libc.WouldBlock;
    }
}
