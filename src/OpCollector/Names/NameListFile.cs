using OpCollector.Configuration;
using OpCollector.Events;
using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Names;

/// <summary>A file of <c>enrichment.lists</c>: more names, in the form in which op prints them.</summary>
internal static class NameListFile
{
    const int MostBytes = 16 * 1024 * 1024;

    /// <exception cref="Failure">It is not there, no such list, or one without a name (78), with the place in the configuration that names
    /// it.</exception>
    public static IReadOnlyList<NamedEntity> Read(ConfigurationMember place)
    {
        var path = place.AsPath();
        try
        {
            return NameListJson.Read(BoundedFile.Read(path, MostBytes)) is { Count: > 0 } names ? [.. names.Select(NamedEntity.From)]
                : throw place.Wrong(
                    $"{path} holds no name: nothing in it has an id and a name or an e-mail address. It takes what op user list, op " +
                        "group list and op vault list print with --format json; a list of items is of no use");
        }
        catch (FileNotFoundException)
        {
            throw place.Wrong($"{path} does not exist");
        }
        catch (DirectoryNotFoundException)
        {
            throw place.Wrong($"{path} does not exist");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            throw place.Wrong($"{path} cannot be read: {SystemError.Describe(ex, path)}");
        }
        catch (NoJsonException noList)
        {
            throw place.Wrong(
                $"{path} is not a JSON list as op user list, op group list or op vault list print it with --format json: {noList.Message}");
        }
        catch (Failure tooMuch) when (tooMuch.Code == ExitCode.SourceData)
        {
            throw place.Wrong($"{path}: {tooMuch.Message}");
        }
    }
}
