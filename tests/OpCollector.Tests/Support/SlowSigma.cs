using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpCollector.Tests.Support;

/// <summary>A field of a selection with its modifiers and values; without a name, words that stand anywhere.</summary>
internal sealed record SlowItem(string Field, string[] Modifiers, object?[] Values);

/// <summary>
/// A second evaluator of Sigma 2.1, slow and obvious, written from the specification and knowing nothing of the first: it takes a rule as a
/// structure and an event as a tree, and tries everything.
/// </summary>
internal static class SlowSigma
{
    const NumberStyles Number = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    const string Any = "(?s:.*)";
    const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>Whether all items of a selection match an event.</summary>
    public static bool Matches(IEnumerable<SlowItem> selection, JsonObject json) => selection.All(item => Matches(item, json));

    static bool Matches(SlowItem item, JsonObject json)
    {
        bool Has(string modifier) => item.Modifiers.Contains(modifier);
        if (Has("exists"))
        {
            return At(json, item.Field).Any() == (bool)item.Values[0]!;
        }

        bool One(object? value) => Has("fieldref")
            ? At(json, item.Field).Any(left => At(json, (string)value!).Any(right => IsSame(left, right, item.Modifiers)))
            : item.Field.Length == 0
                ? Leaves(json).Any(
                    leaf => IsLike(leaf, value, item.Modifiers.Any(IsPlace) ? item.Modifiers : [.. item.Modifiers, "contains"]))
            : value is null ? !At(json, item.Field).Any() || At(json, item.Field).Any(each => each is null)
            : At(json, item.Field).Any(each => IsLike(each, value, item.Modifiers));
        var matches = Has("all") ? item.Values.All(One) : item.Values.Any(One);
        return Has("neq") ? !matches : matches;
    }

    static bool IsPlace(string modifier) => modifier is "startswith" or "endswith" or "re" or "contains";

    // Every value of a field: into objects by dots, into arrays by each of their elements.
    static IEnumerable<JsonNode?> At(JsonNode? node, string path)
    {
        foreach (var each in node is JsonArray list ? list.SelectMany(inner => At(inner, path)) : [])
        {
            yield return each;
        }

        if (node is JsonObject map && map.TryGetPropertyValue(path.Split('.')[0], out var value))
        {
            var rest = path.IndexOf('.', StringComparison.Ordinal);
            foreach (var each in rest < 0 ? Elements(value) : At(value, path[(rest + 1)..]))
            {
                yield return each;
            }
        }
    }

    static IEnumerable<JsonNode?> Elements(JsonNode? value) =>
        value is JsonArray { Count: > 0 } list ? list.SelectMany(Elements) : value is JsonArray ? [new JsonArray()] : [value];

    static IEnumerable<JsonNode?> Leaves(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(each => Leaves(each.Value)),
        JsonArray list => list.SelectMany(Leaves),
        _ => [node],
    };

    static bool IsLike(JsonNode? node, object? value, string[] modifiers)
    {
        if (node is not JsonValue leaf)
        {
            return false;
        }

        var text = leaf.GetValueKind() == JsonValueKind.String ? leaf.GetValue<string>() : leaf.ToJsonString();
        decimal? number = leaf.GetValueKind() is JsonValueKind.String or JsonValueKind.Number && decimal.TryParse(
            text, Number, CultureInfo.InvariantCulture, out var found) ? found : null;
        bool Has(string modifier) => modifiers.Contains(modifier);
        var part = modifiers.FirstOrDefault(each => each is "minute" or "hour" or "day" or "week" or "month" or "year");
        if (part is not null || modifiers.Any(each => each is "lt" or "lte" or "gt" or "gte"))
        {
            var wanted = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
            var compared = part is null ? number : PartOf(text, part);
            return compared is { } is_ && (Has("lt") ? is_ < wanted : Has("lte") ? is_ <= wanted : Has("gt") ? is_ > wanted
                : Has("gte") ? is_ >= wanted : is_ == wanted);
        }

        return value switch
        {
            bool wanted => leaf.GetValueKind() == (wanted ? JsonValueKind.True : JsonValueKind.False),
            int wanted => number == wanted,
            string wanted when Has("re") => Regex.IsMatch(text, wanted, Has("i") ? AnyCase : 0),
            string wanted when Has("cidr") =>
                IPAddress.TryParse(text, out var address) && text.Count(c => c == '.') == 3 && IPNetwork.Parse(wanted).Contains(address),
            string wanted => Spellings(wanted, modifiers).Any(each => Regex.IsMatch(
                text,
                $"^{(Has("contains") || Has("endswith") ? Any : "")}{each}{(Has("contains") || Has("startswith") ? Any : "")}\\z",
                Has("cased") ? 0 : AnyCase)),
            _ => false,
        };
    }

    static decimal? PartOf(string text, string part) => !DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) || !text.Contains('T') ? null : part switch
        {
            "minute" => time.UtcDateTime.Minute,
            "hour" => time.UtcDateTime.Hour,
            "day" => time.UtcDateTime.Day,
            "week" => ISOWeek.GetWeekOfYear(time.UtcDateTime),
            "month" => time.UtcDateTime.Month,
            _ => time.UtcDateTime.Year,
        };

    // Expressions for everything that a value means.
    static IEnumerable<string> Spellings(string value, string[] modifiers)
    {
        var bytes = Encoding.UTF8;
        IEnumerable<string> plain = [value];
        var isPlain = false;
        foreach (var modifier in modifiers)
        {
            var from = bytes;
            (plain, isPlain, bytes) = modifier switch
            {
                "wide" or "utf16le" => ([.. plain.Select(each => Text(Encoding.Unicode.GetBytes(each)))], true, Encoding.Latin1),
                "utf16be" => ([.. plain.Select(each => Text(Encoding.BigEndianUnicode.GetBytes(each)))], true, Encoding.Latin1),
                "utf16" => ([.. plain.Select(each => "\u00ff\u00fe" + Text(Encoding.Unicode.GetBytes(each)))], true, Encoding.Latin1),
                "base64" => ([.. plain.Select(each => Convert.ToBase64String(from.GetBytes(each)))], true, Encoding.UTF8),
                "base64offset" => ([.. plain.SelectMany(each => Offsets(from.GetBytes(each)))], true, Encoding.UTF8),
                _ => (plain, isPlain, bytes),
            };
        }

        return isPlain ? plain.Select(Regex.Escape) : [Expression(value, modifiers.Contains("windash"))];
    }

    // The part of the Base64 that is the same for every text around the value.
    static IEnumerable<string> Offsets(byte[] value) => Enumerable.Range(0, 3).Select(offset =>
    {
        string Around(byte before, byte behind) =>
            Convert.ToBase64String([.. Enumerable.Repeat(before, offset), .. value, .. Enumerable.Repeat(behind, 3)]);
        var (zeros, ones) = (Around(0, 0), Around(255, 255));
        var first = offset switch { 0 => 0, 1 => 2, _ => 3 };
        var last = (8 * (value.Length + offset)) / 6;
        return string.Concat(Enumerable.Range(first, last - first).Select(at => zeros[at] == ones[at] ? zeros[at] : '!'));
    });

    static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    // Escape Character: a backslash stands before a wildcard or another backslash, or means itself.
    static string Expression(string value, bool anyDash)
    {
        var expression = new StringBuilder();
        for (var rest = value; rest.Length > 0;)
        {
            var isEscape = rest.Length > 1 && rest[0] == '\\' && "*?\\".Contains(rest[1]);
            var before = value[..^rest.Length];
            var begins = anyDash && "-/–—―".Contains(rest[0]) && !Regex.IsMatch(before, @"\w$") && Regex.IsMatch(rest[1..], @"^\w");
            expression.Append(
                begins ? "[-/–—―]"
                : isEscape ? Regex.Escape(rest[1..2])
                : rest[0] == '*' ? Any
                : rest[0] == '?' ? "(?>[\ud800-\udbff][\udc00-\udfff]|(?s:.))"
                : Regex.Escape(rest[..1]));
            rest = rest[(isEscape ? 2 : 1)..];
        }

        return expression.ToString();
    }

    static bool IsSame(JsonNode? left, JsonNode? right, string[] modifiers)
    {
        if (left is not JsonValue one || right is not JsonValue other)
        {
            return false;
        }

        string Of(JsonValue value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        var comparison = modifiers.Contains("cased") ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return Of(one).Length > 0 && Of(other).Length > 0
            && (modifiers.Contains("contains") ? Of(one).Contains(Of(other), comparison)
                : modifiers.Contains("startswith") ? Of(one).StartsWith(Of(other), comparison)
                : modifiers.Contains("endswith") ? Of(one).EndsWith(Of(other), comparison)
                : Of(one).Equals(Of(other), comparison));
    }
}
