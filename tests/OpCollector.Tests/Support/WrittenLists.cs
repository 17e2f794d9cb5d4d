using OpCollector.Detection.Sigma;

namespace OpCollector.Tests.Support;

/// <summary>Lists for rules, whose entries mean what is written.</summary>
/// <param name="otherwise">What every other list holds; null where there is no other.</param>
internal sealed class WrittenLists(IReadOnlyDictionary<string, IReadOnlyList<string>> entries, IReadOnlyList<string>? otherwise = null)
    : RuleLists
{
    public static readonly WrittenLists None = new(new Dictionary<string, IReadOnlyList<string>>());

    public override IReadOnlyList<string>? Find(string name) => entries.GetValueOrDefault(name) ?? otherwise;
}
