using OpCollector.Events;

namespace OpCollector.Detection.Sigma;

/// <summary>
/// The names that rules have for fields: those of the Events API, whatever source an event comes from, and each under the name that op has
/// for it too.
/// </summary>
internal static class FieldNames
{
    const string Uuid = "uuid";

    static readonly Dictionary<string, string> ApiNames = Dialect.Pairs.ToDictionary(pair => pair.Op, pair => pair.Api);

    static readonly Dictionary<string, string> OpNames = Dialect.Pairs.ToDictionary(pair => pair.Api, pair => pair.Op);

    // Details are there for users only.
    static readonly Dictionary<string, string> Details = new[]
    {
        (EventMember.ActorName, EventMember.ActorDetails, "name"),
        (EventMember.ActorEmail, EventMember.ActorDetails, "email"),
        (EventMember.ObjectName, EventMember.ObjectDetails, "name"),
        (EventMember.ObjectEmail, EventMember.ObjectDetails, "email"),
        (EventMember.AuxName, EventMember.AuxDetails, "name"),
        (EventMember.AuxEmail, EventMember.AuxDetails, "email"),
    }.ToDictionary(each => Dialect.EventsApi[each.Item1], each => $"{Dialect.EventsApi[each.Item2]}.{each.Item3}");

    // https://developer.1password.com/docs/events-api/reference
    static readonly Dictionary<string, string[]> Inner = new()
    {
        ["actor_details"] = ["uuid", "name", "email"],
        ["object_details"] = ["uuid", "name", "email"],
        ["aux_details"] = ["uuid", "name", "email"],
        ["user"] = ["uuid", "name", "email"],
        ["target_user"] = ["uuid", "name", "email"],
        ["session"] = ["uuid", "login_time", "device_uuid", "ip"],
        ["client"] =
            ["app_name", "app_version", "ip_address", "os_name", "os_version", "platform_name", "platform_version"],
        ["location"] = ["country", "region", "city", "latitude", "longitude"],
        ["details"] = ["value"],
    };

    static readonly HashSet<string> Known =
    [
        .. Dialect.Names,
        .. Inner.SelectMany(each => each.Value, (each, inner) => $"{each.Key}.{inner}"),
        .. Inner.Keys,
        "country",
        "kind",
    ];

    /// <summary>Whether an event of a source can have a field.</summary>
    public static bool IsKnown(string field) => Known.Contains(field);

    /// <summary>The known field that differs least from a name; null where all are far from it.</summary>
    public static string? Nearest(string name) => Known
        .Select(known => (Known: known, Distance: Distance(known, name)))
        .Where(each => each.Distance <= Math.Max(1, name.Length / 4))
        .OrderBy(each => each.Distance)
        .ThenBy(each => each.Known, StringComparer.Ordinal)
        .Select(each => each.Known)
        .FirstOrDefault();

    /// <summary>The Events API's name of a field; one that the table does not know is taken as written.</summary>
    public static string Api(string name) => ApiNames.GetValueOrDefault(name, name);

    /// <summary>Every name that a source may show a field under, given the Events API's.</summary>
    public static string[] Spellings(string api) => OpNames.TryGetValue(api, out var op) ? [api, op] : [api];

    /// <summary>
    /// The field that holds the e-mail address of the person whose uuid a field holds; null where the field is not the uuid of a person.
    /// </summary>
    public static string? AddressBeside(string field)
    {
        var api = Api(field);
        return api != Uuid && api.EndsWith(Uuid, StringComparison.Ordinal) ? $"{api[..^Uuid.Length]}email" : null;
    }

    /// <summary>Where the Events API itself says a name or an e-mail address, as a dotted path; null where it does not.</summary>
    public static string? Detail(string api) => Details.GetValueOrDefault(api);

    // How many letters have to be changed, put in or taken out.
    static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        foreach (var letter in one)
        {
            var diagonal = row[0]++;
            for (var at = 1; at <= other.Length; at++)
            {
                (diagonal, row[at]) = (row[at], Math.Min(Math.Min(row[at], row[at - 1]) + 1, diagonal + (letter == other[at - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
