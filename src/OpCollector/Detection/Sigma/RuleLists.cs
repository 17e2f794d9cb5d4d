namespace OpCollector.Detection.Sigma;

/// <summary>The lists whose entries rules ask for by <c>%name%</c>.</summary>
internal abstract class RuleLists
{
    /// <summary>What a list holds; null where there is none of that name.</summary>
    public abstract IReadOnlyList<string>? Find(string name);
}
