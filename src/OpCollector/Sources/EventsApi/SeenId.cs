using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace OpCollector.Sources.EventsApi;

/// <summary>The 16 bytes by which an event that was delivered is known again: the beginning of its id's SHA-256.</summary>
internal readonly record struct SeenId(ulong First, ulong Second)
{
    public const int Size = 16;

    public static SeenId Of(string id) => MemoryMarshal.Read<SeenId>(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    // It is a hash already.
    public override int GetHashCode() => (int)First;
}
