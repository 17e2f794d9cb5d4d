using System.Buffers.Binary;
using System.Numerics;

namespace OpCollector;

/// <summary>
/// SHA-256 of what every run digests: the platform's own loads OpenSSL, which would be a tenth of the memory and time of a run that finds
/// nothing new.
/// </summary>
internal static class Digest
{
    const int BlockBytes = 64;
    const int WordBytes = sizeof(uint);
    const int LengthBytes = sizeof(ulong);

    // The fractions of the square roots of the first eight primes, and of the cube roots of the first 64 (FIPS 180-4).
    static ReadOnlySpan<uint> Beginning =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Its 64 hexadecimal digits, in lower case.</summary>
    public static string Compute(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(ComputeBytes(bytes));

    /// <summary>Its 32 bytes.</summary>
    public static byte[] ComputeBytes(ReadOnlySpan<byte> bytes)
    {
        Span<uint> state = stackalloc uint[Beginning.Length];
        Beginning.CopyTo(state);
        var rest = bytes.Length % BlockBytes;
        MixAll(state, bytes[..^rest]);

        // A one, zeros, and the number of bits, to the end of this block or of the next.
        Span<byte> end = stackalloc byte[rest + 1 + LengthBytes <= BlockBytes ? BlockBytes : 2 * BlockBytes];
        end.Clear();
        bytes[^rest..].CopyTo(end);
        end[rest] = 0x80;
        BinaryPrimitives.WriteUInt64BigEndian(end[^LengthBytes..], 8 * (ulong)bytes.Length);
        MixAll(state, end);

        var digest = new byte[WordBytes * state.Length];
        for (var i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(WordBytes * i), state[i]);
        }

        return digest;
    }

    static void MixAll(Span<uint> state, ReadOnlySpan<byte> blocks)
    {
        Span<uint> words = stackalloc uint[Constants.Length];
        for (; !blocks.IsEmpty; blocks = blocks[BlockBytes..])
        {
            Spread(blocks[..BlockBytes], words);
            Mix(state, words);
        }
    }

    static void Spread(ReadOnlySpan<byte> block, Span<uint> words)
    {
        const int given = BlockBytes / WordBytes;
        for (var i = 0; i < given; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(WordBytes * i)..]);
        }

        for (var i = given; i < words.Length; i++)
        {
            var (early, late) = (words[i - 15], words[i - 2]);
            words[i] = words[i - 16] + words[i - 7]
                + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3))
                + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10));
        }
    }

    static void Mix(Span<uint> state, ReadOnlySpan<uint> words)
    {
        var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
        for (var i = 0; i < words.Length; i++)
        {
            var one = h + Constants[i] + words[i] + ((e & f) ^ (~e & g))
                + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25));
            var two = ((a & b) ^ (a & c) ^ (b & c))
                + (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + one, c, b, a, one + two);
        }

        ReadOnlySpan<uint> mixed = [a, b, c, d, e, f, g, h];
        for (var i = 0; i < state.Length; i++)
        {
            state[i] += mixed[i];
        }
    }
}
