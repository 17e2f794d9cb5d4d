using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace OpCollector.Report;

/// <summary>The last events that were read, by their ids: a finding that rests on several names the earlier ones by id alone.</summary>
internal sealed class RecentEvents
{
    const int Most = 10_000;

    readonly EventSlot[] _ring = new EventSlot[Most];
    readonly ulong[] _hashes = new ulong[Most];
    readonly Dictionary<ulong, int> _byId = new(Most);
    long _count;

    public void Add(ShownEvent each)
    {
        var at = (int)(_count++ % Most);
        var slot = _ring[at] ??= new EventSlot();
        if (_byId.GetValueOrDefault(_hashes[at], -1) == at)
        {
            _byId.Remove(_hashes[at]);
        }

        slot.Fill(each);
        _hashes[at] = Hash(each.Id);
        _byId[_hashes[at]] = at;
    }

    public ShownEvent? Find(string id) => _byId.TryGetValue(Hash(id), out var at) && _ring[at].Id == id ? _ring[at].Event : null;

    static ulong Hash(string id) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(id.AsSpan()));
}
