using OpCollector.Sources;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma;

/// <summary>Everything that is wrong with a set of rules, each with file and line, so that one start tells all of it.</summary>
internal sealed class RuleErrors
{
    const int MostTold = 50;

    // What a rule holds is quoted in it.
    const int Longest = 400;

    readonly List<(string File, long Line, string What)> _all = [];

    readonly List<string> _warnings = [];

    public int Count => _all.Count;

    /// <summary>What is likely to be a mistake, and stops nothing.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    public void Add(string file, YamlNode at, string what) => Add(file, at.Start.Line, what);

    public void Add(string file, long line, string what) => _all.Add((file, line, ForeignText.Shortened(what, Longest)));

    public void Warn(string file, YamlNode at, string what) =>
        _warnings.Add($"{file}:{at.Start.Line}: {ForeignText.Shortened(what, Longest)}");

    /// <exception cref="Failure">There are any; each with a line of its own (78).</exception>
    public void ThrowIfAny()
    {
        if (_all.Count > 0)
        {
            var lines = _all.OrderBy(each => each.File, StringComparer.Ordinal)
                .ThenBy(each => each.Line)
                .Select(each => $"{each.File}:{each.Line}: {each.What}");
            string[] distinct = [.. lines.Distinct()];
            throw new Failure(
                ExitCode.Configuration,
                distinct.Length <= MostTold ? distinct : [.. distinct.Take(MostTold), $"{distinct.Length - MostTold} more of that kind"]);
        }
    }
}

/// <summary>Something in a rule is written wrong; the message says what, in our words, as the end of a complaint about the place.</summary>
internal sealed class InvalidRuleException(string message, Exception? cause = null) : Exception(message, cause);
