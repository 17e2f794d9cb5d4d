namespace EventsApiEmulator;

/// <summary>What a cursor counts; 1Password does not say.</summary>
internal enum CursorOrder
{
    /// <summary>The time of the event: what is inserted late is never seen behind a cursor that has passed it.</summary>
    EventTime,

    /// <summary>The order of insertion: what is inserted late comes next.</summary>
    Insertion,
}
