using System.CommandLine.Parsing;

namespace OpCollector.Cli.Input;

/// <summary>A path of no characters: a variable of a script that was not set, and no file.</summary>
internal static class EmptyPath
{
    public static void Refuse(SymbolResult given)
    {
        if (given.Tokens.Any(token => token.Value.Length == 0))
        {
            given.AddError($"{(given is OptionResult option ? option.Option.Name : "\"\"")} names no file.");
        }
    }
}
