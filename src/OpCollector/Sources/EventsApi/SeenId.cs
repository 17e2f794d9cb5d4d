using System.IO.Hashing;
using System.Text;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// The 16 bytes by which an event that was delivered is known again: the XXH128 of its id. Nobody who acts in an account chooses the
/// ids of its events, so nobody can make two of them alike.
/// </summary>
internal readonly record struct SeenId(ulong First, ulong Second)
{
    public const int Size = 16;

    public static SeenId Of(string id)
    {
        var hash = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(id));
        return new SeenId((ulong)(hash >> 64), (ulong)hash);
    }

    // It is a hash already.
    public override int GetHashCode() => (int)First;
}
