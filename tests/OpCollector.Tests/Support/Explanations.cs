using System.Text.RegularExpressions;

namespace OpCollector.Tests.Support;

/// <summary>Takes the explanations out of events again, so that what arrived can be compared with what the log holds.</summary>
internal static partial class Explanations
{
    public static string Remove(string events) => Explanation().Replace(events, "");

    [GeneratedRegex("""
        ,"(?:actorName|actorEmail|objectName|auxName|auxEmail|actor_name|actor_email|object_name|aux_name|aux_email|vault_name|stream|summary)":"(?:[^"\\]|\\.)*"
        """)]
    private static partial Regex Explanation();
}
