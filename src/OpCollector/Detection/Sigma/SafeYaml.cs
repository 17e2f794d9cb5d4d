using OpCollector.Sources;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma;

/// <summary>
/// The one way to read YAML: what is wrong with it becomes a complaint in our words, because the reader's own ones quote the text. A file
/// that contains itself, or nests without end, is refused.
/// </summary>
internal static class SafeYaml
{
    const int Deepest = 64;
    const int MostNodes = 100_000;

    /// <summary>The roots of the documents in a text; none where something is wrong with it.</summary>
    public static IReadOnlyList<YamlNode> Read(string file, string text, RuleErrors errors)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new Shallow(new Parser(new StringReader(text))));
            YamlNode[] roots = [.. yaml.Documents.Select(document => document.RootNode)];
            var left = MostNodes;
            if (roots.All(root => IsBounded(root, Deepest, ref left)))
            {
                return roots;
            }

            errors.Add(file, 1, "is too large, nests too deeply, or holds itself by an alias");
        }
        catch (YamlException ex)
        {
            errors.Add(file, ex.Start.Line, $"is not YAML: {Reason(ex)} at column {ex.Start.Column}");
        }
        catch (Exception ex) when (ex is InvalidOperationException or ArgumentException or FormatException or KeyNotFoundException)
        {
            // What YamlDotNet says of a bracket that is never closed.
            errors.Add(file, 1, "is not YAML: a bracket, or a brace, is not closed");
        }

        return [];
    }

    static string Reason(YamlException ex) => ex.Message switch
    {
        var said when said.Contains("uplicate key", StringComparison.Ordinal) => "a key is here twice,",
        var said when said.Contains("tab", StringComparison.Ordinal) => "there is a tab where only blanks may be,",
        var said when said.Contains("alias", StringComparison.Ordinal) || said.Contains("anchor", StringComparison.Ordinal) =>
            "an alias or an anchor is wrong",
        var said when said.Contains(Shallow.Complaint, StringComparison.Ordinal) => "it nests too deeply",
        _ => "indentation, a quote, a colon or a bracket is wrong",
    };

    // By an alias a small file may be endless.
    static bool IsBounded(YamlNode node, int depth, ref int left)
    {
        if (depth == 0 || --left < 0)
        {
            return false;
        }

        var inner = node switch
        {
            YamlMappingNode map => map.Children.SelectMany(member => new[] { member.Key, member.Value }),
            YamlSequenceNode list => list.Children,
            _ => [],
        };
        foreach (var each in inner)
        {
            if (!IsBounded(each, depth - 1, ref left))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Stops at a depth that would overflow the stack of the code that builds nodes.</summary>
    sealed class Shallow(Parser parser) : IParser
    {
        public const string Complaint = "too deep";

        int _depth;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            var isMore = parser.MoveNext();
            _depth += isMore ? parser.Current!.NestingIncrease : 0;
            return _depth <= Deepest ? isMore : throw new YamlException(parser.Current!.Start, parser.Current.End, Complaint);
        }
    }
}
