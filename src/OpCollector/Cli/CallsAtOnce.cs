using System.CommandLine.Parsing;
using System.Globalization;

namespace OpCollector.Cli;

/// <summary>A number of calls at once on the command line.</summary>
internal static class CallsAtOnce
{
    // With op each is a process and a session of its own; 1Password asks to go slower long before.
    const int Most = 16;

    public static int Parse(ArgumentResult argument)
    {
        if (int.TryParse(argument.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and <= Most)
        {
            return number;
        }

        argument.AddError($"\"{argument.Tokens[0].Value}\" calls cannot be under way at once; write 1 to {Most}.");
        return 1;
    }
}
