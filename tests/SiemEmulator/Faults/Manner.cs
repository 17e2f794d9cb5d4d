namespace SiemEmulator.Faults;

/// <summary>How an answer goes over the wire.</summary>
internal enum Manner
{
    Plain,

    /// <summary>Whole and valid, in chunks.</summary>
    Chunked,

    /// <summary>Whole and valid; its end is the end of the connection.</summary>
    CloseDelimited,

    /// <summary>100 Continue and 103 Early Hints before it, asked for or not.</summary>
    Interim,

    /// <summary>One byte after the other.</summary>
    Slow,

    /// <summary>Nothing, on a connection that stays open.</summary>
    Hang,

    /// <summary>Half of it, and nothing more on a connection that stays open.</summary>
    Stall,

    /// <summary>A Content-Length, half of the body, the end.</summary>
    ShortLength,

    /// <summary>Some chunks, no last one, the end.</summary>
    ShortChunks,

    /// <summary>No length, half of the body, the end: only the body's own grammar shows it.</summary>
    HalfBody,

    /// <summary>Nothing, and the end in order.</summary>
    Close,

    /// <summary>Nothing, and an RST.</summary>
    Reset,

    /// <summary>Half of it, and an RST.</summary>
    ResetInside,
}
