using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace OpCollector.Sources.Op;

/// <summary>One-time codes as 1Password makes them: RFC 6238 with SHA-1, six digits and steps of 30 seconds.</summary>
internal static class Totp
{
    static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    public static DateTimeOffset StartOf(long step) => DateTimeOffset.FromUnixTimeSeconds(step * (long)Step.TotalSeconds);

    /// <summary>The code of a step; null when the secret is no base32.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "RFC 6238 and 1Password say SHA-1.")]
    public static string? Code(string secret, long step)
    {
        if (Base32(secret) is not { Length: > 0 } key)
        {
            return null;
        }

        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        var hash = HMACSHA1.HashData(key, counter);
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & 0x7FFF_FFFF;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    // As people copy it: in groups, in lower case, with or without padding.
    static byte[]? Base32(string text)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var c in text.ToUpperInvariant().Where(c => c is not (' ' or '-' or '=')))
        {
            var value = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
            {
                return null;
            }

            (buffer, bits) = (((buffer << 5) | value) & 0xFFF, bits + 5);
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }

        return [.. bytes];
    }
}
