using System.IO.Hashing;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// The 16 bytes by which an event that was delivered is known again: half a hash of its id, and one of its bytes, because two
/// events may claim one id. People in an account do not choose the ids of its events, so they cannot make two hashes alike.
/// </summary>
internal readonly record struct SeenId(ulong First, ulong Second)
{
    public const int Size = 16;

    public static SeenId Hash(ActivityEvent each) => Hash(each.Id).Hash(each.Bytes);

    /// <summary>
    /// The hash of an id alone: an item that is not an event has only that, and earlier versions wrote it for events too.
    /// </summary>
    public static SeenId Hash(string id)
    {
        var hash = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(id));
        return new SeenId((ulong)(hash >> 64), (ulong)hash);
    }

    /// <summary>Of the event with this id and these bytes.</summary>
    public SeenId Hash(ReadOnlyMemory<byte> bytes) => this with { Second = XxHash3.HashToUInt64(bytes.Span) };

    // It is a hash already.
    public override int GetHashCode() => (int)First;
}
