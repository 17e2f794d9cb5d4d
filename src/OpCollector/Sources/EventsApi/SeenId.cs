using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OpCollector.Sources.EventsApi;

/// <summary>The 16 bytes by which an event that was delivered is known again: the beginning of its id's SHA-256.</summary>
internal readonly record struct SeenId(ulong First, ulong Second)
{
    public const int Size = 16;

    public static SeenId Of(string id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return MemoryMarshal.Read<SeenId>(hash);
    }

    // It is a hash already.
    public override int GetHashCode() => (int)First;
}
