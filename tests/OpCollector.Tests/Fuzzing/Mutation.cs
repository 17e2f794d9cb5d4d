using System.Text;
using System.Text.RegularExpressions;

namespace OpCollector.Tests.Fuzzing;

/// <summary>
/// Makes something odd of a text by a seed: bytes flipped, cut and repeated, tokens exchanged, doubled and left out. Each step has a
/// seed of its own, so that the first few of them alone are the same as among all.
/// </summary>
internal sealed partial class Mutation(int seed, bool knowsSecret)
{
    const int LongText = 70_000;
    const int VeryLongText = 1_500_000;

    readonly Random _random = new(seed);
    byte[] _text = [];

    /// <summary>The text after so many steps.</summary>
    /// <param name="knowsSecret">Whether whoever wrote it may repeat our secret.</param>
    public static byte[] Of(byte[] text, int seed, int steps, bool knowsSecret)
    {
        var mutated = text;
        for (var step = 0; step < steps; step++)
        {
            mutated = new Mutation((seed * 31) + step, knowsSecret).Step(mutated);
        }

        return mutated;
    }

    byte[] Step(byte[] text)
    {
        _text = text;
        return _random.Next(3) == 0 ? Broken() : Odd();
    }

    // What was JSON is still JSON, and says something else.
    byte[] Odd() => _random.Next(12) switch
    {
        0 => OnPart(part => part.EndsWith(',') ? "" : part),
        1 => OnPart(part => part.EndsWith(',') ? $"{part}{part}" : part),
        2 => On(Name(), _ => AnyOf([.. OddTexts.Values.Where(each => each.StartsWith('"'))])),
        3 => On(Value(), _ => Nested(isWhole: true)),
        4 => On(Value(), token => token.StartsWith('"') ? Long(token) : token),
        5 when knowsSecret => On(Value(), WithSecret),
        6 => OnTwo(Value()),
        _ => On(Value(), _ => AnyOf(OddTexts.Values)),
    };

    byte[] Broken() => _random.Next(24) switch
    {
        0 => Flipped(),
        1 => _text[..At()],
        2 => Spliced(Range(), []),
        3 => Repeated(),
        4 => Inserted(OddTexts.Anything[_random.Next(OddTexts.Anything.Length)]),
        5 => [.. "\uFEFF"u8, .. _text],
        6 => OnToken(_ => Nested(isWhole: false)),
        7 => OnToken(token => Long(token)),
        8 => OnToken(_ => ""),
        9 => OnTwo(Token()),
        10 => OnToken(token => $"{token}{token}"),
        11 when knowsSecret => OnToken(token => WithSecret(token)),
        12 => Cased(),
        13 => Doubled(),
        14 => OnToken(token => token.Trim('"')),
        15 => OnToken(token => $"\"{token}\""),
        _ => OnToken(_ => AnyOf(OddTexts.Values)),
    };

    byte[] Flipped()
    {
        var mutated = _text.ToArray();
        for (var count = _random.Next(1, 4); count > 0 && mutated.Length > 0; count--)
        {
            mutated[_random.Next(mutated.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return mutated;
    }

    byte[] Inserted(byte[] what)
    {
        var at = At();
        return [.. _text[..at], .. what, .. _text[at..]];
    }

    byte[] Repeated()
    {
        var (from, length) = Range();
        var part = _text.AsSpan(from, length).ToArray();
        return Spliced((from, length), [.. Enumerable.Repeat(part, _random.Next(2, 20)).SelectMany(each => each)]);
    }

    // A member, an item or a line twice, wherever that may be.
    byte[] Doubled()
    {
        var parts = Part().Matches(Latin(_text));
        return parts.Count == 0 ? Flipped() : Inserted(Bytes(parts[_random.Next(parts.Count)].Value));
    }

    byte[] Cased()
    {
        var (from, length) = Range();
        var part = Latin(_text.AsSpan(from, length));
        return Spliced((from, length), Bytes(_random.Next(2) == 0 ? part.ToUpperInvariant() : part.ToLowerInvariant()));
    }

    byte[] OnTwo(Regex kind)
    {
        var tokens = kind.Matches(Latin(_text));
        return tokens.Count == 0 ? Flipped() : On(kind, _ => tokens[_random.Next(tokens.Count)].Value);
    }

    byte[] OnToken(Func<string, string> change) => On(Token(), change);

    byte[] OnPart(Func<string, string> change) => On(Part(), change);

    byte[] On(Regex kind, Func<string, string> change)
    {
        var tokens = kind.Matches(Latin(_text));
        if (tokens.Count == 0)
        {
            return Flipped();
        }

        var token = tokens[_random.Next(tokens.Count)];
        return Spliced((token.Index, token.Length), Bytes(change(token.Value)));
    }

    string AnyOf(string[] choices) => Latin(choices[_random.Next(choices.Length)]);

    /// <param name="isWhole">Whether what is opened is closed too.</param>
    string Nested(bool isWhole)
    {
        var depth = 1 << _random.Next(3, 13);
        return _random.Next(isWhole ? 1 : 0, 3) switch
        {
            0 => string.Concat(Enumerable.Repeat("[", depth)),
            1 => $"{string.Concat(Enumerable.Repeat("[", depth))}{string.Concat(Enumerable.Repeat("]", depth))}",
            _ => $"{string.Concat(Enumerable.Repeat("{\"a\":", depth))}1{string.Concat(Enumerable.Repeat("}", depth))}",
        };
    }

    string Long(string token)
    {
        var length = _random.Next(20) == 0 ? VeryLongText : _random.Next(1, LongText);
        var what = (string[])["x", "é", "\\u001b", "<a>", "/", "1", "\u001b[0m"];
        var repeated = Latin(what[_random.Next(what.Length)]);
        var filling = string.Concat(Enumerable.Repeat(repeated, 1 + (length / repeated.Length)));
        return token.StartsWith('"') ? $"\"{filling}\""
            : _random.Next(2) == 0 ? string.Concat(Enumerable.Repeat(token, Math.Min(length, LongText / Math.Max(1, token.Length))))
            : filling;
    }

    string WithSecret(string token)
    {
        var spelt = OddTexts.Spelt(_random);
        return token.StartsWith('"') && token.Length > 1 ? $"{token[..^1]} {spelt}\"" : $"\"{spelt}\"";
    }

    byte[] Spliced((int From, int Length) range, byte[] instead) =>
        [.. _text.AsSpan(0, range.From), .. instead, .. _text.AsSpan(range.From + range.Length)];

    int At() => _random.Next(_text.Length + 1);

    (int From, int Length) Range()
    {
        var from = At();
        return (from, Math.Min(_text.Length - from, _random.Next(1, 1 << _random.Next(1, 10))));
    }

    // A character for each byte.
    static string Latin(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    static string Latin(string text) => Latin(Encoding.UTF8.GetBytes(text));

    static byte[] Bytes(string latin) => Encoding.Latin1.GetBytes(latin);

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\w[\w.-]*|[\[\]{},:|>]
        """, RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    [GeneratedRegex("""
        (?<=[:\[,]\s*)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)(?=\s*[,\]}])
        """, RegexOptions.CultureInvariant)]
    private static partial Regex Value();

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"(?=\s*:)
        """, RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|[\w.+-]+|\[[^\[\]]*\]|\{[^{}]*\}),?|^[^\n]*\n
        """, RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex Part();
}
