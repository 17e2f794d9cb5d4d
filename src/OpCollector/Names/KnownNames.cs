using OpCollector.Configuration;
using OpCollector.Events;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Names;

/// <summary>The names that earlier runs have learned, and those of files (<c>enrichment.lists</c>), read when they are needed.</summary>
/// <param name="source">Whose names these are.</param>
internal sealed class KnownNames(StateStore state, string source, EnrichmentSettings settings, ILogger log)
{
    NameBook? _book;

    /// <exception cref="Failure">The book of names cannot be read (74 or 78).</exception>
    public NameBook Book => _book ??= ReadBook().WithMore([.. settings.Lists.SelectMany(ReadList)]);

    NameBook ReadBook() => IsThere() ? new NameBookFile(state, source).Read() : NameBook.Empty;

    // Somebody who looks for something in files may not be the user that cron runs as, or may not reach the database.
    bool IsThere()
    {
        try
        {
            return state.Written(NameBookFile.Name) is not null;
        }
        catch (Failure failure)
        {
            log.Debug("{Reason:l}. Watch lists go without the names that earlier runs have learned", failure.Message.TrimEnd('.'));
            return false;
        }
    }

    IReadOnlyList<NamedEntity> ReadList(ConfigurationMember place)
    {
        try
        {
            return NameListFile.Read(place);
        }
        catch (Failure failure)
        {
            // A run that explains events says so, and so does check.
            log.Debug("{Reason:l}. Watch lists go without its names", failure.Message.TrimEnd('.'));
            return [];
        }
    }
}
