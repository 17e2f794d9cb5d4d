using System.Text.RegularExpressions;
using OpCollector.Detection.Sigma.Matching;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma.Reading;

/// <summary>What a YAML scalar is: quoted it is a text, bare it may be a number, a boolean or null (YAML 1.2, core schema).</summary>
internal static partial class YamlText
{
    public static bool IsNull(this YamlScalarNode node) =>
        node.Style == ScalarStyle.Plain && node.Value is null or "" or "~" or "null" or "Null" or "NULL";

    public static bool? Boolean(this YamlScalarNode node) => node.Style != ScalarStyle.Plain ? null : node.Value switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    public static decimal? Number(this YamlScalarNode node) =>
        node.Style == ScalarStyle.Plain && Digits().IsMatch(node.Value!) ? NumberText.Parse(node.Value!) : null;

    [GeneratedRegex(@"^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
