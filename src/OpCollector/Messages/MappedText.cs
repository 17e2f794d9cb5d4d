using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OpCollector.Messages;

/// <summary>
/// A text in another form: decoded, or without what the eye does not see. Each of its characters knows which part of the first text it
/// replaces.
/// </summary>
internal sealed class MappedText
{
    // Letters and signs that are drawn as nothing at all.
    const string Blank = "\u115F\u1160\u3164\uFFA0\u2800\uFFFD";

    // The first half of all tags and variation selectors outside of the first plane.
    const char InvisibleHalf = '\uDB40';

    readonly (int Start, int End)[] _origins;

    MappedText(string text, (int Start, int End)[] origins) => (Text, _origins) = (text, origins);

    public string Text { get; }

    public static MappedText Unchanged(string text) => new(text, [.. Enumerable.Range(0, text.Length).Select(at => (at, at + 1))]);

    /// <summary>A copy with each match replaced; each new character replaces the whole match.</summary>
    public MappedText Replace(Regex pattern, MatchEvaluator replacement)
    {
        var (text, origins, copied) = (new StringBuilder(Text.Length), new List<(int, int)>(Text.Length), 0);
        foreach (Match match in pattern.Matches(Text))
        {
            text.Append(Text, copied, match.Index - copied);
            origins.AddRange(_origins[copied..match.Index]);
            var replaced = replacement(match);
            text.Append(replaced);
            copied = match.Index + match.Length;
            origins.AddRange(Enumerable.Repeat((_origins[match.Index].Start, _origins[copied - 1].End), replaced.Length));
        }

        return copied == 0 ? this : new(text.Append(Text, copied, Text.Length - copied).ToString(), [.. origins, .. _origins[copied..]]);
    }

    /// <summary>A copy without group 1 of each match.</summary>
    public MappedText WithoutGroup(Regex pattern)
    {
        var (text, origins, copied) = (new StringBuilder(Text.Length), new List<(int, int)>(Text.Length), 0);
        foreach (var dropped in pattern.Matches(Text).Select(match => match.Groups[1]))
        {
            text.Append(Text, copied, dropped.Index - copied);
            origins.AddRange(_origins[copied..dropped.Index]);
            copied = dropped.Index + dropped.Length;
        }

        return copied == 0 ? this : new(text.Append(Text, copied, Text.Length - copied).ToString(), [.. origins, .. _origins[copied..]]);
    }

    /// <summary>What a person reads: without invisible characters, and with one blank for each run of white space.</summary>
    public MappedText Visible()
    {
        var (text, origins, wasSpace) = (new StringBuilder(Text.Length), new List<(int, int)>(Text.Length), false);
        for (var at = 0; at < Text.Length; at++)
        {
            var isSpace = char.IsWhiteSpace(Text[at]);
            if (isSpace ? !wasSpace : !IsInvisible(at))
            {
                text.Append(isSpace ? ' ' : Text[at]);
                origins.Add(_origins[at]);
                wasSpace = isSpace;
            }
        }

        return text.Length == Text.Length ? new(text.ToString(), _origins) : new(text.ToString(), [.. origins]);
    }

    /// <summary>Its letters and digits alone: whatever is between them does not part them.</summary>
    public MappedText LettersAndDigits()
    {
        var (text, origins) = (new StringBuilder(Text.Length), new List<(int, int)>(Text.Length));
        for (var at = 0; at < Text.Length; at++)
        {
            if (char.IsLetterOrDigit(Text[at]) && !IsInvisible(at))
            {
                text.Append(Text[at]);
                origins.Add(_origins[at]);
            }
        }

        return new(text.ToString(), [.. origins]);
    }

    /// <summary>Marks the part of the first text that a part of this one replaces.</summary>
    public void Cover(int at, int length, bool[] marks)
    {
        var start = _origins[at].Start;
        marks.AsSpan(start..Math.Max(start, _origins[at + length - 1].End)).Fill(true);
    }

    /// <summary>This text with <paramref name="cut"/> for each run of what is marked in the first text.</summary>
    public string Without(bool[] marks, string cut)
    {
        var (kept, wasMarked) = (new StringBuilder(Text.Length), false);
        for (var at = 0; at < Text.Length; at++)
        {
            var isMarked = marks.AsSpan(_origins[at].Start.._origins[at].End).Contains(true);
            if (!isMarked)
            {
                kept.Append(Text[at]);
            }
            else if (!wasMarked)
            {
                kept.Append(cut);
            }

            wasMarked = isMarked;
        }

        return kept.ToString();
    }

    bool IsInvisible(int at)
    {
        var c = Text[at];
        return !char.IsAscii(c)
            ? Blank.Contains(c, StringComparison.Ordinal) || c == InvisibleHalf || (at > 0 && Text[at - 1] == InvisibleHalf)
                || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.OtherNotAssigned
                    or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            : char.IsControl(c);
    }
}
