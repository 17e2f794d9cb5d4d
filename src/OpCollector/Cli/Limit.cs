using System.CommandLine.Parsing;
using System.Globalization;

namespace OpCollector.Cli;

/// <summary>A number of events on the command line.</summary>
internal static class Limit
{
    public static int? Parse(ArgumentResult argument)
    {
        if (int.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
        {
            return number;
        }

        argument.AddError($"\"{argument.Tokens[0].Value}\" is no number of events; write 1 or more.");
        return null;
    }
}
