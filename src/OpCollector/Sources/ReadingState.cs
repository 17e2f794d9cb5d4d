namespace OpCollector.Sources;

/// <summary>How far a run has read its source.</summary>
internal enum ReadingState
{
    /// <summary>The source has more to show, and the run is busy with what it has read.</summary>
    MoreToRead,

    /// <summary>The run waits for the source: if it ends now, that is because the source could not be read.</summary>
    WaitingForSource,

    /// <summary>The source has shown everything there was.</summary>
    AllRead,
}
