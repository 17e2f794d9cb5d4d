namespace OpCollector.Sources;

/// <summary>How a run stands with its source, and in the end what became of the reading.</summary>
internal enum Reading
{
    /// <summary>There is more to read, and nothing that keeps from it.</summary>
    Unfinished,

    /// <summary>It is the source's turn: a run that ends here could not read it.</summary>
    Waiting,

    /// <summary>The source has shown everything that there was.</summary>
    Complete,
}
