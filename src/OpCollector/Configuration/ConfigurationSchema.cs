using System.Reflection;
using System.Text.Json;

namespace OpCollector.Configuration;

/// <summary>
/// What the configuration may hold, as JSON Schema: for editors, which complete and check the file by it. It also knows what holds
/// where the file says nothing, and which values are not to be shown; what applies at all, the readers of the settings know.
/// </summary>
internal static class ConfigurationSchema
{
    const string Hidden = "\"***\"";

    static readonly Lazy<JsonDocument> Document = new(() => JsonDocument.Parse(Bytes));

    /// <summary>The schema itself: the file that is shipped beside the samples.</summary>
    public static ReadOnlyMemory<byte> Bytes
    {
        get
        {
            using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("opcollector.schema.json")!;
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return bytes;
        }
    }

    /// <summary>Every value that the readers of the settings asked for, in the order of the schema; no secret is read.</summary>
    /// <param name="root">The configuration, after it was read without a complaint.</param>
    /// <param name="defaults">What holds for members that are not in the file, where the schema does not know it; by their paths.</param>
    public static IEnumerable<ConfiguredValue> Values(
        ConfigurationMember root, IReadOnlyDictionary<string, ConfiguredValue> defaults) =>
        Values(Document.Value.RootElement, root, "", defaults);

    static IEnumerable<ConfiguredValue> Values(
        JsonElement node,
        ConfigurationMember? member,
        string path,
        IReadOnlyDictionary<string, ConfiguredValue> defaults)
    {
        var (name, shape) = Resolved(node, member);
        return member switch
        {
            null when defaults.TryGetValue(path, out var value) => [value],
            null when node.TryGetProperty("default"u8, out var usual) =>
                [new ConfiguredValue(path, usual.GetRawText(), new DefaultOrigin())],
            // What a route leaves out, the sink says.
            null when name is "route" => [],
            // What is asked for as a whole, or not at all, has no defaults of its own.
            null => Has(shape, "properties") && !Has(shape, "required") ? Members(shape, null, path, defaults) : [],
            _ when name is "secret" or "token" => [new ConfiguredValue(path, Hidden, new FileOrigin(member.Place, Holder(member)))],
            _ when name is "address" => [new ConfiguredValue(path, Address(member), new FileOrigin(member.Place))],
            _ when name is "template" or "constant" => [new ConfiguredValue(path, member.Json, new FileOrigin(member.Place))],
            _ when name is "headerValue" => [new ConfiguredValue(path, Hidden, new FileOrigin(member.Place))],
            { IsList: true } when member.Items.Exists(item => item.IsCompound) =>
                member.Items.SelectMany((item, at) => Values(shape.GetProperty("items"u8), item, $"{path}[{at}]", defaults)),
            { IsCompound: true, IsList: false } => Members(shape, member, path, defaults),
            _ => [new ConfiguredValue(path, member.Json, new FileOrigin(member.Place))],
        };
    }

    static IEnumerable<ConfiguredValue> Members(
        JsonElement shape,
        ConfigurationMember? member,
        string path,
        IReadOnlyDictionary<string, ConfiguredValue> defaults)
    {
        string Inner(string name) => path.Length == 0 ? name : $"{path}.{name}";
        var named = shape.TryGetProperty("properties"u8, out var properties) ? properties.EnumerateObject().ToArray() : [];
        var known = named.Where(each => member is null || member.Known.Contains(each.Name) || member.Members.ContainsKey(each.Name))
            .SelectMany(each => Values(each.Value, member?.Members.GetValueOrDefault(each.Name), Inner(each.Name), defaults));
        var free = member is null ? [] : member.Members.Values.Where(inner => !named.Any(each => each.Name == inner.Name))
            .SelectMany(inner => Values(shape.GetProperty("additionalProperties"u8), inner, Inner(inner.Name), defaults));
        return known.Concat(free);
    }

    /// <summary>
    /// The node that is referred to, or of several shapes the one that the member has; with the name under which it is defined.
    /// </summary>
    static (string? Name, JsonElement Shape) Resolved(JsonElement node, ConfigurationMember? member)
    {
        string? name = null;
        while (node.TryGetProperty("$ref"u8, out var reference))
        {
            name = reference.GetString()!.Split('/')[^1];
            node = Document.Value.RootElement.GetProperty("$defs"u8).GetProperty(name);
        }

        return member is { IsCompound: true } && node.TryGetProperty("anyOf"u8, out var shapes)
            ? shapes
                .EnumerateArray()
                .Select(shape => Resolved(shape, member))
                .Where(each => each.Shape.TryGetProperty("type"u8, out var type) && type.ValueEquals(member.IsList ? "array" : "object"))
                .MaxBy(each => Known(each.Shape, member))
            : (name, node);
    }

    // Of several kinds of object, the member is of the one that knows its members.
    static int Known(JsonElement shape, ConfigurationMember member) => shape.TryGetProperty("properties"u8, out var properties)
        ? member.Members.Keys.Count(name => properties.TryGetProperty(name, out _))
        : 0;

    static bool Has(JsonElement shape, string keyword) => shape.TryGetProperty(keyword, out _);

    static string Holder(ConfigurationMember secret) => secret.Members.Values.Single() switch
    {
        { Name: "env" } name => $"the environment variable {name.AsText()}",
        { Name: "file" } path => $"the file {path.AsPath()}",
        { Name: "credential" } name => $"the credential {name.AsText()}",
        var item => item.AsText(),
    };

    // With many receivers the path is the secret.
    static string Address(ConfigurationMember address) =>
        Uri.TryCreate(address.AsText(), UriKind.Absolute, out var url) && url.PathAndQuery == "/" ? address.Json
        : url is not null ? $"\"{url.GetLeftPart(UriPartial.Authority)}/***\""
        : Hidden;
}

/// <summary>A value that the program goes by, fit to be shown, and where it comes from.</summary>
/// <param name="Value">As JSON; of a secret three asterisks.</param>
internal sealed record ConfiguredValue(string Path, string Value, ValueOrigin Origin);
