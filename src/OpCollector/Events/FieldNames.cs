namespace OpCollector.Events;

/// <summary>
/// The one table of names: what op calls a field (<c>actorUuid</c>) and what the Events API calls it (<c>actor_uuid</c>). Rules and
/// formats speak the names of the Events API, whatever source an event comes from.
/// </summary>
internal static class FieldNames
{
    const string Uuid = "uuid";

    static readonly (string Op, string Api)[] Table =
    [
        ("eid", "uuid"),
        ("time", "timestamp"),
        ("actorUuid", "actor_uuid"),
        ("actorName", "actor_name"),
        ("actorEmail", "actor_email"),
        ("objectType", "object_type"),
        ("objectUuid", "object_uuid"),
        ("objectName", "object_name"),
        ("objectEmail", "object_email"),
        ("auxId", "aux_id"),
        ("auxUUID", "aux_uuid"),
        ("auxName", "aux_name"),
        ("auxEmail", "aux_email"),
        ("auxInfo", "aux_info"),
    ];

    static readonly Dictionary<string, string> ApiNames = Table.ToDictionary(row => row.Op, row => row.Api);

    static readonly Dictionary<string, string> OpNames = Table.ToDictionary(row => row.Api, row => row.Op);

    // https://developer.1password.com/docs/events-api/reference: details are there for users only.
    static readonly Dictionary<string, string> Details = new()
    {
        ["actor_name"] = "actor_details.name",
        ["actor_email"] = "actor_details.email",
        ["object_name"] = "object_details.name",
        ["object_email"] = "object_details.email",
        ["aux_name"] = "aux_details.name",
        ["aux_email"] = "aux_details.email",
    };

    /// <summary>The Events API's name of a field; one that the table does not know is taken as written.</summary>
    public static string Api(string name) => ApiNames.GetValueOrDefault(name, name);

    /// <summary>Every name that a source may show a field under, given the Events API's.</summary>
    public static string[] Spellings(string api) => OpNames.TryGetValue(api, out var op) ? [api, op] : [api];

    /// <summary>The field that says the e-mail address of whoever a field's uuid is; null where it is no uuid of something else than the event.</summary>
    public static string? AddressBeside(string field)
    {
        var api = Api(field);
        return api != Uuid && api.EndsWith(Uuid, StringComparison.Ordinal) ? $"{api[..^Uuid.Length]}email" : null;
    }

    /// <summary>Where the Events API itself says a name or an e-mail address, as a dotted path; null where it does not.</summary>
    public static string? Detail(string api) => Details.GetValueOrDefault(api);
}
