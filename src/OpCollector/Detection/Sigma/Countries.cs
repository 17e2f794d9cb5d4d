using System.Reflection;

namespace OpCollector.Detection.Sigma;

/// <summary>Knows a country by its ISO 3166 codes and by the names that English has for it, however they are spelled.</summary>
internal static class Countries
{
    const int LongestName = 80;

    // Letters in names of countries that some write with their marks and some without.
    const string Marked = "ÅÔÉÇÃÍÜ";
    const string Plain = "AOECAIU";

    static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Forms = new HashSet<string>(
        [
            "the", "of", "and", "rep", "republic", "fed", "federal", "federated", "sts", "states", "arab", "islamic", "rb", "bolivarian",
            "kingdom",
            "state", "sar", "china", "union",
        ],
        StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    static readonly Lazy<Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>>> Codes = new(Read);

    /// <summary>The code of two letters of the country that a text means; null where it means none.</summary>
    public static string? CodeOf(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (Exactly(text) is { } code)
        {
            return code;
        }

        // "China (Mainland)", "Turkey (Turkiye)". Of two different countries neither is meant for sure.
        if (text.EndsWith(")") && text.IndexOf('(') is > 0 and var parenthesis)
        {
            var country = CodeOf(text[..parenthesis]);
            return Exactly(text[(parenthesis + 1)..^1]) is { } other && other != country ? null : country;
        }

        // "Yemen, Rep.", "Somalia, Fed. Rep.", "Hong Kong SAR, China", as the World Bank has them.
        return text.LastIndexOf(',') is > 0 and var comma && IsForm(text[(comma + 1)..]) ? CodeOf(text[..comma]) : null;
    }

    /// <summary>Whether a field says a country, given its name as a rule writes it.</summary>
    public static bool AreIn(string field) =>
        field[(field.LastIndexOf('.') + 1)..] is "country" or "country_code" or "country_name";

    static string? Exactly(ReadOnlySpan<char> text)
    {
        Span<char> name = stackalloc char[LongestName];
        return Codes.Value.TryGetValue(Folded(text, name), out var code) ? code : null;
    }

    /// <summary>Whether words behind a comma say what kind of state it is, and not which one of two.</summary>
    static bool IsForm(ReadOnlySpan<char> words)
    {
        foreach (var range in words.SplitAny(' ', '.'))
        {
            var word = words[range];
            if (!word.IsEmpty && !Forms.Contains(word))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The letters alone, capital and without marks, and without an article.</summary>
    static ReadOnlySpan<char> Folded(ReadOnlySpan<char> text, Span<char> name)
    {
        var length = 0;
        foreach (var c in text)
        {
            if (length > name.Length - 3)
            {
                return [];
            }

            if (c == '&')
            {
                "AND".CopyTo(name[length..]);
                length += 3;
            }
            else if (char.IsLetter(c))
            {
                var capital = char.ToUpperInvariant(c);
                name[length++] = Marked.IndexOf(capital) is >= 0 and var at ? Plain[at] : capital;
            }
        }

        ReadOnlySpan<char> folded = name[..length];
        return folded.StartsWith("THE") ? folded[3..] : folded.EndsWith("THE") ? folded[..^3] : folded;
    }

    // A line: AF AFG Afghanistan|another name|…
    static Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> Read()
    {
        var codes = new Dictionary<string, string>(StringComparer.Ordinal);
        using var lines = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("countries.txt")!);
        Span<char> name = stackalloc char[LongestName];
        while (lines.ReadLine() is { } line)
        {
            var code = line[..2];
            codes[code] = codes[line[3..6]] = code;
            foreach (var each in line[7..].Split('|'))
            {
                codes[Folded(each, name).ToString()] = code;
                if (each.StartsWith("Saint ", StringComparison.Ordinal))
                {
                    codes[Folded($"St {each[6..]}", name).ToString()] = code;
                }
            }
        }

        return codes.GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
