using System.Text;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>A text with Sigma's wildcards, compared without regard to case unless the rule says so.</summary>
internal sealed class TextTest : ValueTest
{
    readonly bool[] _isOpen;
    readonly string _pattern;
    readonly StringComparison _comparison;
    readonly byte[]? _ascii;

    public TextTest(TextPattern pattern, StringComparison comparison)
    {
        _comparison = comparison;
        (_pattern, _isOpen) = (IsCased ? pattern.Text : Folded(pattern.Text), [.. pattern.IsOpen]);
        if (pattern.IsPlain)
        {
            Whole = IsCased ? null : pattern.Text;
            _ascii = Ascii.IsValid(pattern.Text) ? Encoding.ASCII.GetBytes(pattern.Text) : null;
        }
    }

    public override string? Whole { get; }

    bool IsCased => _comparison == StringComparison.Ordinal;

    public override bool Matches(EventView view, in FieldValue value)
    {
        if (!value.IsScalar)
        {
            return false;
        }

        if (_ascii is not null && !value.IsEscaped)
        {
            var raw = view.Raw(value);
            return raw.Length == _ascii.Length && (IsCased ? raw.SequenceEqual(_ascii) : Ascii.EqualsIgnoreCase(raw, _ascii));
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
            if (IsMany(at))
            {
                (star, from) = (at++, place);
            }
            else if (at < _pattern.Length && (_isOpen[at] ? Fits(_pattern[at], text[place]) : Same(_pattern[at], text[place])))
            {
                place += IsOne(at++) && place + 1 < text.Length && char.IsSurrogatePair(text[place], text[place + 1]) ? 2 : 1;
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

        while (IsMany(at))
        {
            at++;
        }

        return at == _pattern.Length;
    }

    bool IsMany(int at) => at < _pattern.Length && _isOpen[at] && _pattern[at] == TextPattern.Many;

    // A question mark is one character, also where UTF-16 needs two for it.
    bool IsOne(int at) => _isOpen[at] && _pattern[at] == TextPattern.One;

    static bool Fits(char kind, char text) =>
        kind == TextPattern.One || (kind == TextPattern.Dash && TextPattern.Dashes.Contains(text, StringComparison.Ordinal));

    bool Same(char pattern, char text) => pattern == (IsCased ? text : char.ToUpperInvariant(text));

    static string Folded(string text) => string.Create(text.Length, text, (folded, from) =>
    {
        for (var at = 0; at < from.Length; at++)
        {
            folded[at] = char.ToUpperInvariant(from[at]);
        }
    });
}
