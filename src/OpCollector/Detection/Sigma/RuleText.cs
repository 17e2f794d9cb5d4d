using YamlDotNet.RepresentationModel;

namespace OpCollector.Detection.Sigma;

/// <summary>One document of a file of rules, member by member; what is not as it has to be becomes a complaint.</summary>
internal sealed class RuleText(string file, YamlMappingNode root, RuleErrors errors)
{
    public string File => file;

    public YamlMappingNode Root => root;

    public void Complain(YamlNode at, string what) => errors.Add(file, at, what);

    public void Warn(YamlNode at, string what) => errors.Warn(file, at, what);

    /// <summary>Warns of a field that no event has.</summary>
    public void WarnOfUnknown(YamlNode at, string field)
    {
        if (!FieldNames.IsKnown(field))
        {
            var near = FieldNames.Nearest(field);
            Warn(at, $"no event of 1Password has a field {field}{(near is null ? "" : $"; perhaps {near} is meant")}");
        }
    }

    public YamlNode? Find(string name) => Find(root, name);

    public static YamlNode? Find(YamlMappingNode map, string name) =>
        map.Children.FirstOrDefault(member => member.Key is YamlScalarNode { Value: { } key } && key == name).Value;

    public string? Text(YamlMappingNode map, string name)
    {
        switch (Find(map, name))
        {
            case null:
                return null;
            case YamlScalarNode { Value: { Length: > 0 } text }:
                return text;
            case var other:
                Complain(other, $"{name} must be a text, and not empty");
                return null;
        }
    }

    public YamlMappingNode? Map(YamlMappingNode map, string name)
    {
        var node = Find(map, name);
        if (node is not YamlMappingNode)
        {
            Complain(node ?? map, node is null ? $"{name} is missing" : $"{name} must be a map");
        }

        return node as YamlMappingNode;
    }

    /// <summary>A list of texts; a single text is a list of one.</summary>
    public IReadOnlyList<YamlScalarNode> Texts(YamlMappingNode map, string name)
    {
        var node = Find(map, name);
        var items = node is YamlSequenceNode list ? list.Children : node is null ? [] : [node];
        foreach (var wrong in items.Where(item => item is not YamlScalarNode { Value.Length: > 0 }))
        {
            Complain(wrong, $"{name} must be a list of texts");
        }

        return [.. items.OfType<YamlScalarNode>().Where(item => item.Value is { Length: > 0 })];
    }
}
