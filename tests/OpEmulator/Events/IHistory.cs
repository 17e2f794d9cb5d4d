namespace OpEmulator.Events;

/// <summary>The events an account can show, by ascending eid.</summary>
internal interface IHistory
{
    int Count { get; }

    long EidAt(int index);

    ReadOnlyMemory<byte> ItemAt(int index);
}
