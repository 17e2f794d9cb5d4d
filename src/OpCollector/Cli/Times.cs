using System.CommandLine.Parsing;
using System.Globalization;

namespace OpCollector.Cli;

/// <summary>Moments on the command line.</summary>
internal static class Times
{
    static readonly string[] Forms = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static DateTimeOffset Parse(ArgumentResult argument)
    {
        if (DateTimeOffset.TryParseExact(argument.Tokens[0].Value, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return time;
        }

        argument.AddError($"\"{argument.Tokens[0].Value}\" is no time; write 2026-11-01 or 2026-11-01T12:00:00Z.");
        return default;
    }
}
