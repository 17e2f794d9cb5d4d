using System.Text.RegularExpressions;

namespace OpCollector.Tests.Support;

/// <summary>Takes the explanations out of events again, so that what arrived can be compared with what the log holds.</summary>
internal static partial class Bare
{
    public static string Of(string events) => Explanation().Replace(events, "");

    [GeneratedRegex("""
        ,"(?:actorName|actorEmail|objectName|auxName|auxEmail|summary)":"(?:[^"\\]|\\.)*"
        """)]
    private static partial Regex Explanation();
}
