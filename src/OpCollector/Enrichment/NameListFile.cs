using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Events;

namespace OpCollector.Enrichment;

/// <summary>A file of <c>enrichment.lists</c>: more names, in the form in which op prints them.</summary>
internal static class NameListFile
{
    /// <exception cref="Failure">It is not there, or no such list (78), with the place in the configuration that names it.</exception>
    public static IReadOnlyList<NamedThing> Read(ConfigurationMember place)
    {
        try
        {
            return NameListJson.Read(RegularFile.Read(RegularFile.Followed(place.AsPath()), RegularFile.Large) ?? throw place.Wrong($"{place.AsPath()} does not exist"));
        }
        catch (NoJsonException)
        {
            throw place.Wrong($"{place.AsPath()} is no JSON list as op user list, op group list or op vault list print it with --format json");
        }
    }
}
