using System.CommandLine;

namespace OpCollector.Cli;

/// <summary>How the words of a command line are read, whether they are run or completed.</summary>
internal static class CommandLineParsing
{
    /// <summary>A value that begins with @ is a value, not a file of arguments.</summary>
    public static ParserConfiguration Settings => new() { ResponseFileTokenReplacer = null };
}
