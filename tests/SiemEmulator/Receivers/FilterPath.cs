using System.Text.Json.Nodes;

namespace SiemEmulator.Receivers;

/// <summary>
/// What <c>filter_path</c> leaves of an answer (elastic.co "Response filtering"): arrays are looked through, and what holds nothing
/// is left out.
/// </summary>
internal static class FilterPath
{
    public static JsonNode Applied(JsonNode answer, string filter) =>
        Left(answer, [.. filter.Split(',').Select(path => path.Split('.'))]) ?? new JsonObject();

    static JsonNode? Left(JsonNode? node, IReadOnlyList<string[]> paths)
    {
        if (paths.Any(path => path.Length == 0))
        {
            return node?.DeepClone();
        }

        switch (node)
        {
            case JsonArray array:
                var items = array.Select(each => Left(each, paths)).Where(each => each is not null).ToArray();
                return items.Length > 0 ? new JsonArray(items) : null;
            case JsonObject members:
                var left = members
                    .Select(member => KeyValuePair.Create(
                        member.Key,
                        Left(member.Value, [.. paths.Where(path => path[0] is "*" || path[0] == member.Key).Select(path => path[1..])])))
                    .Where(member => member.Value is not null)
                    .ToArray();
                return left.Length > 0 ? new JsonObject(left) : null;
            default:
                return null;
        }
    }
}
