namespace OpCollector.Events;

/// <summary>
/// What fills a sentence: names and codes as they stand in JSON between quotes, so that nothing needs to be read and written
/// again. Empty is what is not known.
/// </summary>
internal readonly ref struct Words
{
    public ReadOnlySpan<byte> Actor { get; init; }

    public ReadOnlySpan<byte> Object { get; init; }

    public ReadOnlySpan<byte> Aux { get; init; }

    public ReadOnlySpan<byte> AuxInfo { get; init; }

    public ReadOnlySpan<byte> Action { get; init; }

    public ReadOnlySpan<byte> Type { get; init; }

    /// <summary>How the object is called in general words.</summary>
    public Sentence It { get; init; }
}
