namespace OpCollector.Sources;

/// <summary>One thing that a check tries with the source.</summary>
/// <param name="name">How it is called in the list of what was tried.</param>
internal abstract class SourceCheck(string name)
{
    public string Name => name;

    /// <returns>What was found, for a person.</returns>
    /// <exception cref="Failure">What is wrong, and what to do about it.</exception>
    public abstract Task<string> TryAsync(CancellationToken ct);
}
