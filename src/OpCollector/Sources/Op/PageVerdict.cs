namespace OpCollector.Sources.Op;

/// <summary>What an answer to "newer than" proves about the events between the id asked from and the page.</summary>
internal enum PageVerdict
{
    /// <summary>There is no hole below the page.</summary>
    Contiguous,

    /// <summary>Nothing known is above the id asked from: one look below the page will tell.</summary>
    Unproven,

    /// <summary>The server gave the newest 100: what is between must be walked back to.</summary>
    NewestOnly,

    /// <summary>The log no longer shows what was read from it.</summary>
    Gone,

    /// <summary>The answer is not one to the question.</summary>
    Senseless,
}
