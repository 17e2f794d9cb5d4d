using System.Globalization;
using System.Text;

namespace OpCollector.Tests.Support;

/// <summary>
/// JSON that nobody would write, the same for each seed: nested, with doubled members, escapes and every kind of white space.
/// </summary>
internal static class RandomJson
{
    static readonly string[] Spaces = ["", "", " ", "\n", "\t", "\r\n", "  \n "];

    // As they stand between quotes.
    static readonly string[] Texts =
    [
        "", " ", "a b", ", ", "{ \\\"", " : ", "\\\\\\\"", "\\\\", "[ ]\\n", "\u2603 \\t", " {} ", "sixteen and\u2603 \\\"more",
        "fourteen bytes\\\\", "twice as many as sixteen are 33 \\u2603"
    ];

    static readonly string[] Literals = ["null", "true", "false", "-1.50e+3", "0"];

    /// <summary>An object without white space between its tokens, and the same with it.</summary>
    public static (string Dense, string Spaced) Object(int seed)
    {
        var (dense, spaced) = (new StringBuilder(), new StringBuilder());
        Write(new Random(seed), dense, spaced, depth: 0);
        return (dense.ToString(), spaced.ToString());
    }

    static void Write(Random random, StringBuilder dense, StringBuilder spaced, int depth)
    {
        void Token(string token)
        {
            dense.Append(token);
            spaced.Append(Spaces[random.Next(Spaces.Length)]).Append(token).Append(Spaces[random.Next(Spaces.Length)]);
        }

        string Quoted() => $"\"{Texts[random.Next(Texts.Length)]}\"";

        var kind = depth == 0 ? 0 : random.Next(depth < 4 ? 5 : 3) switch { 3 => 0, 4 => 1, var scalar => scalar + 2 };
        if (kind > 1)
        {
            Token(
                kind switch
                {
                    2 => Quoted(),
                    3 => random.Next(-9, 1000).ToString(CultureInfo.InvariantCulture),
                    _ => Literals[random.Next(Literals.Length)]
                });
            return;
        }

        Token(kind == 0 ? "{" : "[");
        for (int at = 0, count = random.Next(4); at < count; at++)
        {
            if (at > 0)
            {
                Token(",");
            }

            if (kind == 0)
            {
                Token(Quoted());
                Token(":");
            }

            Write(random, dense, spaced, depth + 1);
        }

        Token(kind == 0 ? "}" : "]");
    }
}
