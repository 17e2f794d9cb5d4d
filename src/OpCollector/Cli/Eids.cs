using System.CommandLine.Parsing;
using System.Globalization;

namespace OpCollector.Cli;

/// <summary>Event ids on the command line.</summary>
internal static class Eids
{
    public static long Parse(ArgumentResult argument)
    {
        if (long.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var eid))
        {
            return eid;
        }

        argument.AddError($"\"{argument.Tokens[0].Value}\" is no event id; an event id is a number.");
        return 0;
    }
}
