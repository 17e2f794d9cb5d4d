using System.Text;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>A value as a rule writes it: characters that mean themselves, and wildcards.</summary>
/// <param name="Text">The characters; at a place that is open, which kind it is.</param>
/// <param name="IsOpen">Where any character of a kind matches.</param>
internal sealed record TextPattern(string Text, IReadOnlyList<bool> IsOpen)
{
    /// <summary>Any number of characters.</summary>
    public const char Many = '*';

    /// <summary>One character.</summary>
    public const char One = '?';

    /// <summary>One of the dashes that Windows takes for the beginning of an option.</summary>
    public const char Dash = '-';

    /// <summary>The dashes, and the slash that means the same.</summary>
    public const string Dashes = "-/\u2013\u2014\u2015";

    const char Escape = '\\';

    // Each dash makes five of one text.
    const int MostSpellings = 625;

    /// <summary>Whether it means one text and no other.</summary>
    public bool IsPlain => !IsOpen.Contains(true);

    /// <summary>A value as Sigma writes it: <c>*</c> and <c>?</c> are wildcards unless a backslash is before them.</summary>
    public static TextPattern Parse(string value)
    {
        var (text, isOpen) = (new StringBuilder(value.Length), new List<bool>(value.Length));
        for (var at = 0; at < value.Length; at++)
        {
            var isEscaped = value[at] == Escape && at + 1 < value.Length && value[at + 1] is Many or One or Escape;
            at += isEscaped ? 1 : 0;
            text.Append(value[at]);
            isOpen.Add(!isEscaped && value[at] is Many or One);
        }

        return new TextPattern(text.ToString(), isOpen);
    }

    /// <summary>A text that means itself, whatever characters it has.</summary>
    public static TextPattern Plain(string text) => new(text, new bool[text.Length]);

    /// <summary>A text that means itself, such as an entry of a watch list, written so that <see cref="Parse"/> reads it back.</summary>
    public static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("?", "\\?", StringComparison.Ordinal);

    /// <summary>The same as that part of a text.</summary>
    public TextPattern As(TextPlace place) => place switch
    {
        TextPlace.Whole => this,
        TextPlace.Start => new($"{Text}{Many}", [.. IsOpen, true]),
        TextPlace.End => new($"{Many}{Text}", [true, .. IsOpen]),
        _ => new($"{Many}{Text}{Many}", [true, .. IsOpen, true]),
    };

    /// <summary>The same with every dash that begins a word standing for each of the dashes.</summary>
    public TextPattern WithAnyDash()
    {
        bool IsWord(int at) => at >= 0 && at < Text.Length && !IsOpen[at] && (char.IsLetterOrDigit(Text[at]) || Text[at] == '_');
        bool Begins(int at) => !IsOpen[at] && Dashes.Contains(Text[at], StringComparison.Ordinal) && !IsWord(at - 1) && IsWord(at + 1);
        var dashes = Enumerable.Range(0, Text.Length).Where(Begins).ToHashSet();
        return new TextPattern(
            string.Concat(Text.Select((c, at) => dashes.Contains(at) ? Dash : c)),
            [.. IsOpen.Select((open, at) => open || dashes.Contains(at))]);
    }

    /// <summary>Every text that it means.</summary>
    /// <exception cref="InvalidRuleException">These are without end, or too many.</exception>
    public IReadOnlyList<string> Spellings()
    {
        IReadOnlyList<string> all = [""];
        for (var at = 0; at < Text.Length; at++)
        {
            var choices = !IsOpen[at] ? $"{Text[at]}"
                : Text[at] == Dash ? Dashes
                : throw new InvalidRuleException("a wildcard cannot be encoded; write the text without it, or with a backslash before it");
            all = [.. all.SelectMany(begun => choices.Select(c => begun + c))];
            if (all.Count > MostSpellings)
            {
                throw new InvalidRuleException("has too many dashes to encode each of their spellings");
            }
        }

        return all;
    }
}
