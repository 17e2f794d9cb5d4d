using System.Text;

namespace OpCollector.Detection.Sigma;

/// <summary>A text with Sigma's wildcards, compared without regard to case unless the rule says so.</summary>
internal sealed class TextTest : ValueTest
{
    const char Many = '*';

    readonly bool[] _isWildcard;
    readonly string _pattern;
    readonly bool _isCased;
    readonly byte[]? _ascii;

    TextTest(string pattern, bool[] isWildcard, bool isCased)
    {
        (_pattern, _isWildcard, _isCased) = (isCased ? pattern : Folded(pattern), isWildcard, isCased);
        if (!isWildcard.Contains(true))
        {
            Whole = isCased ? null : pattern;
            _ascii = Ascii.IsValid(pattern) ? Encoding.ASCII.GetBytes(pattern) : null;
        }
    }

    public override string? Whole { get; }

    /// <summary>A value as Sigma writes it: <c>*</c> and <c>?</c> are wildcards unless a backslash stands before them.</summary>
    public static TextTest Of(string value, bool isCased, string before = "", string after = "")
    {
        var (pattern, isWildcard) = (new StringBuilder(), new List<bool>());
        void Add(char c, bool wildcard)
        {
            pattern.Append(c);
            isWildcard.Add(wildcard);
        }

        var text = before + value + after;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length && text[at + 1] is '*' or '?' or '\\')
            {
                Add(text[++at], wildcard: false);
            }
            else
            {
                Add(text[at], wildcard: text[at] is '*' or '?');
            }
        }

        return new TextTest(pattern.ToString(), [.. isWildcard], isCased);
    }

    /// <summary>A text that means itself, such as an entry of a watch list, written so that <see cref="Of"/> reads it back.</summary>
    public static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("*", "\\*", StringComparison.Ordinal)
            .Replace("?", "\\?", StringComparison.Ordinal);

    public override bool Matches(EventView view, in FieldValue value)
    {
        if (!value.IsScalar)
        {
            return false;
        }

        if (_ascii is not null && !value.IsEscaped)
        {
            var raw = view.Raw(value);
            return raw.Length == _ascii.Length && (_isCased ? raw.SequenceEqual(_ascii) : Ascii.EqualsIgnoreCase(raw, _ascii));
        }

        return Matches(view.Text(value));
    }

    /// <summary>Goes back to the last <c>*</c> only, which is enough: an earlier one could not match more.</summary>
    bool Matches(ReadOnlySpan<char> text)
    {
        var (at, place) = (0, 0);
        var (star, from) = (-1, 0);
        while (place < text.Length)
        {
            if (at < _pattern.Length && _isWildcard[at] && _pattern[at] == Many)
            {
                (star, from) = (at++, place);
            }
            else if (at < _pattern.Length && (_isWildcard[at] || Same(_pattern[at], text[place])))
            {
                // A question mark is one character, also where UTF-16 needs two for it.
                place += _isWildcard[at++] && place + 1 < text.Length && char.IsSurrogatePair(text[place], text[place + 1]) ? 2 : 1;
            }
            else if (star >= 0)
            {
                (at, place) = (star + 1, ++from);
            }
            else
            {
                return false;
            }
        }

        while (at < _pattern.Length && _isWildcard[at] && _pattern[at] == Many)
        {
            at++;
        }

        return at == _pattern.Length;
    }

    bool Same(char pattern, char text) => pattern == (_isCased ? text : char.ToUpperInvariant(text));

    static string Folded(string text) => string.Create(text.Length, text, (folded, from) =>
    {
        for (var at = 0; at < from.Length; at++)
        {
            folded[at] = char.ToUpperInvariant(from[at]);
        }
    });
}
