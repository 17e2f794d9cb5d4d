using System.CommandLine.Parsing;
using System.Globalization;

namespace OpCollector.Cli.Input;

/// <summary>Numbers on the command line.</summary>
internal static class NumberParsing
{
    // With op each call is a process and a session of its own; 1Password asks to go slower long before.
    const int MostCalls = 16;

    public static long Eid(ArgumentResult argument)
    {
        if (long.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var eid))
        {
            return eid;
        }

        argument.AddError($"\"{argument.Tokens[0].Value}\" is not an event id, which is a number.");
        return 0;
    }

    public static int? Events(ArgumentResult argument)
    {
        if (Positive(argument) is { } number)
        {
            return number;
        }

        argument.AddError($"\"{argument.Tokens[0].Value}\" is not a number of events; write 1 or more.");
        return null;
    }

    public static int CallsAtOnce(ArgumentResult argument)
    {
        if (Positive(argument) is <= MostCalls and { } number)
        {
            return number;
        }

        argument.AddError($"\"{argument.Tokens[0].Value}\" calls cannot be under way at once; write 1 to {MostCalls}.");
        return 1;
    }

    static int? Positive(ArgumentResult argument) =>
        int.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
}
