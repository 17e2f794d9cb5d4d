using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;

namespace OpCollector.Cli;

/// <summary>What the last word of a command line may become: commands, options, and values, some of which depend on the settings.</summary>
internal sealed class Completions(RootCommand root)
{
    // A screen has no room for more, and a shell that gets ten thousand asks whether it shall show them.
    const int Most = 500;

    /// <param name="words">Those behind <c>opcollector</c>; the last one, which may be empty, is completed.</param>
    public IEnumerable<Completion> Suggest(IReadOnlyList<string> words)
    {
        var word = words.LastOrDefault("");
        if (word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
        {
            return Suggest([.. words.SkipLast(1), word[..at], word[(at + 1)..]])
                .Select(each => each with { Value = word[..(at + 1)] + each.Value });
        }

        var isHelp = words is ["help", _, ..];
        string[] before = [.. words.SkipLast(1).Skip(isHelp ? 1 : 0)];
        var parsed = root.Parse(before, CommandLineParsing.Settings);
        return (isHelp ? Commands(parsed.CommandResult.Command) : Next(parsed, before))
            .Where(each => word.StartsWith('-') == each.Value.StartsWith('-'))
            .Where(each => each.Value.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(each => each.Value)
            .OrderBy(each => each.Value, StringComparer.Ordinal)
            .Take(Most);
    }

    /// <summary>Gives an argument values that depend on the settings. Where these cannot be read, there are none to choose from.</summary>
    public static void Add(Argument argument, Func<ParseResult, IEnumerable<string>> values) =>
        argument.CompletionSources.Add(context => Readable(() => values(context.ParseResult)));

    /// <summary>Completes the values of an option.</summary>
    public static void Add(Option option, Func<ParseResult, IEnumerable<string>> values) =>
        option.CompletionSources.Add(context => Readable(() => values(context.ParseResult)));

    static IEnumerable<Completion> Next(ParseResult parsed, string[] before)
    {
        var command = parsed.CommandResult.Command;
        Option[] options =
        [
            .. command.Options,
            .. Above(parsed.CommandResult).SelectMany(above => above.Options).Where(option => option.Recursive),
        ];
        var last = before.LastOrDefault("");
        var waiting = Array.Find(options, option => option.Arity.MinimumNumberOfValues > 0
            && (option.Name == last || option.Aliases.Contains(last)));
        return waiting is not null ? Values(waiting, parsed)
            : parsed.UnmatchedTokens.Count > 0 ? []
            : Commands(command)
                .Concat(parsed.CommandResult.Command is RootCommand ? [new Completion("help", "Show what a command takes")] : [])
                .Concat(options.Where(option => !option.Hidden).Select(option => Describe(option)))
                .Concat(command.Arguments
                    .Where(argument => parsed.GetResult(argument) is null or { Tokens.Count: 0 })
                    .SelectMany(argument => Values(argument, parsed)));
    }

    static IEnumerable<Command> Above(CommandResult result)
    {
        for (var above = result.Parent as CommandResult; above is not null; above = above.Parent as CommandResult)
        {
            yield return above.Command;
        }
    }

    static IEnumerable<Completion> Commands(Command command) =>
        command.Subcommands.Where(each => !each.Hidden).Select(each => Describe(each));

    static IEnumerable<Completion> Values(Symbol symbol, ParseResult parsed) => symbol.GetCompletions(parsed.GetCompletionContext())
        .Select(item => new Completion(ForeignText.Line(item.Label), ""));

    static Completion Describe(Symbol symbol) => new(symbol.Name, symbol.Description ?? "");

    static IEnumerable<CompletionItem> Readable(Func<IEnumerable<string>> values)
    {
        try
        {
            return [.. values().Select(value => new CompletionItem(value))];
        }
        catch (Failure)
        {
            return [];
        }
    }
}

/// <summary>What a word may become, and what that is for.</summary>
internal readonly record struct Completion(string Value, string Description);
