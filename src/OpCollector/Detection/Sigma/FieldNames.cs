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

    /// <summary>The Events API's name of a field; one that the table does not know is taken as written.</summary>
    public static string Api(string name) => ApiNames.GetValueOrDefault(name, name);

    /// <summary>Every name that a source may show a field under, given the Events API's.</summary>
    public static string[] Spellings(string api) => OpNames.TryGetValue(api, out var op) ? [api, op] : [api];

    /// <summary>
    /// The field that holds the e-mail address of the person whose uuid a field holds; null where the field is no uuid of a person.
    /// </summary>
    public static string? AddressBeside(string field)
    {
        var api = Api(field);
        return api != Uuid && api.EndsWith(Uuid, StringComparison.Ordinal) ? $"{api[..^Uuid.Length]}email" : null;
    }

    /// <summary>Where the Events API itself says a name or an e-mail address, as a dotted path; null where it does not.</summary>
    public static string? Detail(string api) => Details.GetValueOrDefault(api);
}
