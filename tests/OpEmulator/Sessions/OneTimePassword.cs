using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace OpEmulator.Sessions;

/// <summary>The second factor (RFC 6238): codes of the moment, each good for one sign-in.</summary>
internal static class OneTimePassword
{
    public const int Length = 6;
    const int SecondsOfStep = 30;

    public static bool Accept(string secret, string code, Ledger ledger)
    {
        var key = Base32.Decode(secret);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / SecondsOfStep;
        for (var step = now - 1; step <= now + 1; step++)
        {
            if (CodeOf(key, step) == code)
            {
                return ledger.Add($"uses of code {step}", 1) == 1;
            }
        }

        return false;
    }

    static string CodeOf(byte[] key, long step)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
#pragma warning disable CA5350 // RFC 6238 as 1Password uses it is SHA-1.
        var hash = HMACSHA1.HashData(key, counter);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 0xF)) & int.MaxValue;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }
}
