using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OpCollector.Cli;

/// <summary>
/// Words of a command line that the library takes for something else: an option that was taken for the value of the option before it, and
/// a misspelt option that was taken for a file. A file whose name begins with a dash is given as <c>./-name</c>, or behind <c>--</c>.
/// </summary>
internal sealed class MisreadWords(ParseResult parsed)
{
    const string Separator = "--";

    /// <summary>What is wrong, in words.</summary>
    public IReadOnlyList<string> Complaints => [.. Values(), .. Arguments()];

    /// <summary>What to say of a word that means nothing here.</summary>
    public static string Unknown(ParseResult parsed, string word)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Select(each => each.Name).Concat(Options(parsed));
        return $"\"{ForeignText.Clean(word)}\" is unknown here{SpellingSuggestion.Question(word, known)}";
    }

    IEnumerable<string> Values() =>
        from result in Results().OfType<OptionResult>()
        from token in result.Tokens
        where Options(parsed).Contains(token.Value, StringComparer.Ordinal)
        select $"{result.Option.Name} needs a value: \"{token.Value}\" is an option";

    IEnumerable<string> Arguments()
    {
        var words = parsed.Tokens.TakeWhile(token => token.Value != Separator).Select(token => token.Value).ToHashSet();
        return
            from result in Results().OfType<ArgumentResult>()
            where result.Parent is CommandResult
            from token in result.Tokens
            where token.Value is ['-', _, ..] && words.Contains(token.Value) && !IsNumber(token.Value)
            select Unknown(parsed, token.Value);
    }

    static bool IsNumber(string word) => long.TryParse(word, CultureInfo.InvariantCulture, out _);

    IEnumerable<SymbolResult> Results()
    {
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as CommandResult)
        {
            foreach (var child in result.Children)
            {
                yield return child;
            }
        }
    }

    static IEnumerable<string> Options(ParseResult parsed) => parsed.CommandResult.Command.Options
        .Concat(parsed.RootCommandResult.Command.Options)
        .SelectMany(option => option.Aliases.Prepend(option.Name));
}
