using System.Text;
using OpCollector.Detection;
using OpCollector.Detection.Findings;
using OpCollector.Detection.Sigma;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;

namespace OpCollector.Tests.Support;

/// <summary>Rules written in a test, and events shown to them.</summary>
internal sealed class Sigma
{
    readonly RuleEngine _engine;

    Sigma(InstalledRules rules)
    {
        Rules = rules;
        _engine = rules.CreateEngine();
    }

    public InstalledRules Rules { get; }

    public RuleEngine Engine => _engine;

    /// <param name="lists">Watch lists, such as <c>admins=A,B</c>.</param>
    public static Sigma Of(string yaml, params string[] lists) => new(InstalledRules.WithoutSettings(Read(yaml, lists)));

    public static Sigma Of(string yaml, TimeProvider clock) => new(InstalledRules.WithoutSettings(Read(yaml, [])) with { Clock = clock });

    /// <summary>A rule on the audit stream with this detection section.</summary>
    public static Sigma Detection(string detection, params string[] lists) => Of(Rule(detection), lists);

    public static string Rule(string detection, string name = "rule", string stream = "audit") =>
        $"title: T\nname: {name}\nlogsource:\n  product: 1password\n  service: {stream}\ndetection:\n{Indented(detection)}\n";

    public static string Correlation(string correlation, string name = "correlation") =>
        $"title: C\nname: {name}\ncorrelation:\n{Indented(correlation)}\n";

    /// <summary>The complaints about rules that are wrong, without the name of the file.</summary>
    public static string[] Complaints(string yaml, params string[] lists)
    {
        try
        {
            Read(yaml, lists);
            return [];
        }
        catch (Failure failure) when (failure.Code == ExitCode.Configuration)
        {
            return [.. failure.Lines.Select(line => line.Replace("rules.yml:", "", StringComparison.Ordinal))];
        }
    }

    public IReadOnlyList<Finding> See(string json, string stream = Streams.Audit)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var marks = UntaggedEvent.Read(bytes);
        return _engine.Evaluate(bytes, stream, marks.Id, marks.Time);
    }

    public bool Matches(string json, string stream = Streams.Audit) => See(json, stream).Count > 0;

    static SigmaRules Read(string yaml, string[] lists)
    {
        var entries = lists.Select(list => list.Split('='))
            .ToDictionary(list => list[0], list => (IReadOnlyList<string>)list[1].Split(',', StringSplitOptions.RemoveEmptyEntries));
        return SigmaRulesReader.Read([new RuleFile("rules.yml", yaml)], new WrittenLists(entries));
    }

    static string Indented(string text) => string.Join('\n', text.Trim('\n').Split('\n').Select(line => $"  {line}"));
}
