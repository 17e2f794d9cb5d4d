using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;
using Serilog.Formatting.Json;

namespace OpCollector.Reporting;

/// <summary>
/// Everything the program says, on stderr: nothing when all is well under cron, since cron mails every line; what happens on a
/// terminal; every step with <c>--verbose</c>.
/// </summary>
internal static class StderrLog
{
    /// <returns>The log, and the terminal that it shares with a bar; null where nobody watches.</returns>
    public static (Logger Log, Terminal? Terminal) Create(bool verbose, bool json, TimeProvider time)
    {
        var level = verbose ? LogEventLevel.Debug : Console.IsErrorRedirected ? LogEventLevel.Warning : LogEventLevel.Information;
        ITextFormatter format = json
            ? new JsonFormatter(renderMessage: true, formatProvider: CultureInfo.InvariantCulture)
            : new MessageTemplateTextFormatter(
                "{Timestamp:yyyy-MM-ddTHH:mm:sszzz} {Level:u3} {Message:lj}{NewLine}",
                CultureInfo.InvariantCulture);
        var redacted = new Redacted(format);
        var terminal = json ? null : Terminal.TryOpen(redacted);
        var configuration = new LoggerConfiguration().MinimumLevel.Is(level);
        if (terminal is not null)
        {
            return (configuration.WriteTo.Sink(terminal).CreateLogger(), terminal);
        }

        Console.SetError(new StderrLines(redacted, time));
        return (configuration.WriteTo.Console(redacted, standardErrorFromLevel: LevelAlias.Minimum).CreateLogger(), null);
    }

    /// <summary>
    /// Cuts secrets out of each value, before a format writes it in its own way, and out of the whole line, so that none can hide in any of
    /// its parts. What slipped past <see cref="ForeignText"/> steers no terminal and begins no line.
    /// </summary>
    internal sealed class Redacted(ITextFormatter format) : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output)
        {
            foreach (var (name, value) in logEvent.Properties.ToArray())
            {
                if (value is ScalarValue { Value: string text })
                {
                    var clean = ForeignText.Printable(Redaction.Redact(text));
                    logEvent.AddOrUpdateProperty(new LogEventProperty(name, new ScalarValue(clean)));
                }
            }

            using var line = new StringWriter(CultureInfo.InvariantCulture);
            format.Format(logEvent, line);
            output.Write(Redaction.Redact(line.ToString()));
        }
    }
}
