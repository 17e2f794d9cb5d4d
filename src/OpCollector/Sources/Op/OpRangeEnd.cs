namespace OpCollector.Sources.Op;

/// <summary>Where the reading of a range from its upper end down came to its end.</summary>
internal enum OpRangeEnd
{
    /// <summary>At an event below the range: nothing is missing in it.</summary>
    Reached,

    /// <summary>Above its lower end, where the log says that it begins.</summary>
    Bottom,

    /// <summary>In the middle: the range holds more than it was made for.</summary>
    TooWide,

    /// <summary>At an answer that is none to the question.</summary>
    Senseless,

    /// <summary>At a question that op could not have answered, or would not have.</summary>
    Failed,
}
