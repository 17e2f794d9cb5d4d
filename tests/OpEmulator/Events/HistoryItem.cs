namespace OpEmulator.Events;

/// <summary>One line of a history: where it stands, from when on it is shown, and its bytes.</summary>
internal sealed record HistoryItem(long Eid, long After, ReadOnlyMemory<byte> Bytes);
