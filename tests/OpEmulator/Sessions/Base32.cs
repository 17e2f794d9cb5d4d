using OpEmulator.Scenarios;

namespace OpEmulator.Sessions;

/// <summary>RFC 4648 base32 as authenticator apps show it: any case, blanks and padding allowed.</summary>
internal static class Base32
{
    const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public static byte[] Decode(string text)
    {
        var bytes = new List<byte>();
        var (bits, count) = (0, 0);
        foreach (var letter in text)
        {
            if (letter is ' ' or '-' or '=')
            {
                continue;
            }

            var value = Alphabet.IndexOf(char.ToUpperInvariant(letter), StringComparison.Ordinal);
            if (value < 0)
            {
                throw new ScenarioException("\"totpSecret\" is not base32.");
            }

            (bits, count) = (((bits << 5) | value) & 0xFFF, count + 5);
            if (count >= 8)
            {
                count -= 8;
                bytes.Add((byte)(bits >> count));
            }
        }

        return [.. bytes];
    }
}
