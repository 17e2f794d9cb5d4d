using System.IO.Enumeration;
using System.Text.RegularExpressions;
using OpCollector.Detection.Sigma.Matching;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>
/// Reads a condition. From the weakest to the strongest: <c>or</c>, <c>and</c>, <c>not</c>, <c>1 of</c> and <c>all of</c>,
/// parentheses.
/// </summary>
internal sealed partial class ConditionParser
{
    // Parentheses within parentheses would end the stack.
    const int MostWords = 1000;
    const int LongestPattern = 256;

    readonly string[] _words;
    readonly IReadOnlyDictionary<string, Matcher> _selections;
    readonly ISet<string> _named;
    int _at;

    ConditionParser(string condition, IReadOnlyDictionary<string, Matcher> selections, ISet<string> named)
    {
        _words = [.. Word().Matches(condition).Select(word => word.Value)];
        (_selections, _named) = (selections, named);
    }

    /// <param name="named">Takes the names of the selections that the condition asks for.</param>
    /// <exception cref="InvalidRuleException">It is malformed; the message says why.</exception>
    public static Matcher Parse(string condition, IReadOnlyDictionary<string, Matcher> selections, ISet<string> named)
    {
        if (condition.Contains('|', StringComparison.Ordinal))
        {
            throw new InvalidRuleException("a condition with | was Sigma 1; write a correlation");
        }

        var parser = new ConditionParser(condition, selections, named);
        if (parser._words.Length > MostWords)
        {
            throw new InvalidRuleException($"has more than {MostWords} words");
        }

        var matcher = parser.Or();
        return parser._at == parser._words.Length
            ? matcher
            : throw new InvalidRuleException($"\"{parser._words[parser._at]}\" is not expected here");
    }

    Matcher Or()
    {
        var parts = new List<Matcher> { And() };
        while (Accept("or"))
        {
            parts.Add(And());
        }

        return parts is [var only] ? only : new AnyOf(parts);
    }

    Matcher And()
    {
        var parts = new List<Matcher> { Not() };
        while (Accept("and"))
        {
            parts.Add(Not());
        }

        return parts is [var only] ? only : new AllOf(parts);
    }

    Matcher Not() => Accept("not") ? new NotOf(Not()) : Selections();

    Matcher Selections()
    {
        if (_at == _words.Length)
        {
            throw new InvalidRuleException("the condition ends where a selection is expected");
        }

        var word = _words[_at++];
        if (word == "(")
        {
            var inner = Or();
            return Accept(")") ? inner : throw new InvalidRuleException("a parenthesis is not closed");
        }

        if (word is "1" or "any" or "all" && Accept("of"))
        {
            var chosen = Chosen();
            return chosen is [var only] ? only : word == "all" ? new AllOf(chosen) : new AnyOf(chosen);
        }

        _named.Add(word);
        return _selections.TryGetValue(word, out var selection) ? selection
            : word is ")" or "and" or "or" or "of" ? throw new InvalidRuleException($"\"{word}\" is where a selection is expected")
            : throw new InvalidRuleException($"there is no selection \"{word}\"; there are {Known()}");
    }

    Matcher[] Chosen()
    {
        var pattern = _at < _words.Length
            ? _words[_at++]
            : throw new InvalidRuleException("\"of\" is followed by nothing; write \"them\" or a pattern such as selection_*");
        if (pattern.Length > LongestPattern)
        {
            throw new InvalidRuleException($"a pattern of {pattern.Length} characters is longer than any name of a selection");
        }

        var matching = _selections.Where(each => IsMeant(each.Key, pattern)).ToArray();
        _named.UnionWith(matching.Select(each => each.Key));
        Matcher[] chosen = [.. matching.Select(each => each.Value)];
        return chosen.Length > 0 ? chosen : throw new InvalidRuleException($"no selection is called \"{pattern}\"; there are {Known()}");
    }

    static bool IsMeant(string name, string pattern) => pattern == "them"
        ? !name.StartsWith('_')
        : FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    bool Accept(string word)
    {
        var isThere = _at < _words.Length && _words[_at] == word;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    string Known() => string.Join(", ", _selections.Keys);

    [GeneratedRegex(@"[()]|[^\s()]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
