using System.Runtime.CompilerServices;
using OpCollector.Configuration;
using OpCollector.Events;
using OpCollector.Names.Words;
using OpCollector.Sources;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Names;

/// <summary>
/// Explains the events of each page, and reads the lists of names when an event needs them. Whatever fails here, the events go
/// on, with the names that are known.
/// </summary>
/// <param name="directory">Where the source tells names. Where it tells none, they come from <c>enrichment.lists</c> alone.</param>
internal sealed class NamingStage(
    NameBookFile file, NameDirectory directory, EnrichmentSettings settings, TimeProvider time, ILogger log)
{
    // About how many bytes are added to an event.
    const int Explanation = 300;

    // The lists that were read in this run.
    readonly HashSet<NameKind> _fresh = [];
    readonly Lock _changing = new();
    NameBook? _book;
    NameBook? _kept;
    bool _isKept = true;

    /// <summary>The groups whose members are wanted too, by uuid or by name.</summary>
    public IReadOnlyList<string> FollowedGroups { get; init; } = [];

    /// <summary>What the source calls the members of its events.</summary>
    public Dialect Dialect { get; init; } = Dialect.Op;

    /// <summary>How many lists may be asked for at once.</summary>
    public int MostCalls { get; init; } = 1;

    /// <summary>Yields each page with its events explained, and the names that were known then.</summary>
    public async IAsyncEnumerable<NamedPage> ExplainAsync(
        IAsyncEnumerable<EventPage> pages, [EnumeratorCancellation] CancellationToken ct = default)
    {
        try
        {
            await foreach (var page in pages.WithCancellation(ct))
            {
                yield return page.Events.Count == 0
                    ? new NamedPage(page, _book ?? NameBook.Empty)
                    : new NamedPage(page with { Events = await ExplainAsync(page, ct) }, _book!);
            }
        }
        finally
        {
            // Names that were not found are written once, at the end: writing them with every page would cost more than the page.
            if (_book is not null && _book != _kept)
            {
                Keep(_book);
            }
        }
    }

    async Task<ActivityEvent[]> ExplainAsync(EventPage page, CancellationToken ct)
    {
        _book ??= _kept = ReadBook().WithMore([.. settings.Lists.SelectMany(ReadFile)]);
        if (!directory.HasNames)
        {
            return Explain(page, unknown: null);
        }

        var unknown = new HashSet<UnknownName>();
        var explained = Explain(page, unknown);
        if (page.Bytes > LargeMemory.Large && _book.ToRead(unknown, _fresh, settings.RefreshAfter, time.GetUtcNow()).Count > 0)
        {
            // The page will be explained again, so its first version is released: the lists may be large, too.
            explained = [];
        }

        return await LookUpAsync(_book, unknown, ct) ? Explain(page, unknown: null) : explained;
    }

    ActivityEvent[] Explain(EventPage page, HashSet<UnknownName>? unknown)
    {
        var size = page.Events.Sum(each => each.Bytes.Length + Explanation);
        var enricher = new Enricher(Dialect, _book!, Vocabulary.Standard, size);
        return [.. page.Events.Select(each => enricher.Enrich(each, page.Stream, unknown))];
    }

    /// <returns>Whether a list was read.</returns>
    async Task<bool> LookUpAsync(NameBook book, HashSet<UnknownName> unknown, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        unknown.RemoveWhere(each => book[each.Kind].IsMissing(each.Uuid, settings.RefreshAfter, now));
        var wanted = book.ToRead(unknown, _fresh, settings.RefreshAfter, now);
        if (wanted.Count > 0)
        {
            await Parallel.ForEachAsync(
                wanted,
                new ParallelOptions { MaxDegreeOfParallelism = MostCalls, CancellationToken = ct },
                async (kind, each) => await ReadAsync(kind, each));
        }

        var groups = FollowedGroups
            .SelectMany(_book!.GroupsCalled)
            .Distinct()
            .Where(group => _book.MembersOf(group).IsOlderThan(settings.RefreshAfter, now))
            .ToArray();
        foreach (var group in groups)
        {
            await ReadMembersAsync(group, ct);
        }

        _book = _book!.WithMissing(unknown.Where(each => _fresh.Contains(each.Kind)), settings.RefreshAfter, now);
        if (wanted.Count + groups.Length > 0)
        {
            Keep(_book);
        }

        return wanted.Count > 0;
    }

    async Task ReadAsync(NameKind kind, CancellationToken ct)
    {
        lock (_changing)
        {
            // Before it is read: a list that hangs until the run ends must not do so in every run.
            Keep(_book!.With(kind, _book[kind].Trying(time.GetUtcNow())));
        }

        var read = 0L;
        try
        {
            var names = await directory.ListNamesAsync(new NamesOfKind(kind), ct);
            read = names.Count;
            lock (_changing)
            {
                _book!.RefuseTooMany(kind, names.Count);
                _book = _book.With(kind, _book[kind].With([.. names.Select(NamedEntity.From)]));
                _fresh.Add(kind);
            }

            log.Debug("Read {Count} names of {Kind:l}s", names.Count, kind.ToString().ToLowerInvariant());
        }
        catch (Failure failure)
        {
            log.Warning(
                "{Reason:l}. The events go on without these names, which files in enrichment.lists can give too; the next try is after " +
                    "{Until:u}",
                failure.Message.TrimEnd('.'),
                time.GetUtcNow() + settings.RefreshAfter);
        }

        LargeMemory.Return(read * Explanation);
    }

    async Task ReadMembersAsync(string group, CancellationToken ct)
    {
        // As with the lists: tried once, then not again for a while.
        Keep(_book!.With(group, _book.MembersOf(group).Trying(time.GetUtcNow())));
        try
        {
            var members = await directory.ListNamesAsync(new NamesInGroup(group), ct);
            // Former members are not kept.
            NamedEntity[] known = [.. members.Select(each => new NamedEntity(each.Uuid))];
            _book = _book!.With(group, NameList.Empty.Trying(time.GetUtcNow()).With(known));
            log.Debug("Read {Count} members of the group {Group:l}", members.Count, group);
        }
        catch (Failure failure)
        {
            log.Warning(
                "{Reason:l}. Watch lists go on with the members of the group {Group:l} that are known from before; the next try is after " +
                    "{Until:u}",
                failure.Message.TrimEnd('.'),
                group,
                time.GetUtcNow() + settings.RefreshAfter);
        }
    }

    NameBook ReadBook()
    {
        try
        {
            return file.Read();
        }
        catch (Failure failure)
        {
            log.Warning("{Reason:l}. The events go on; the names are read again", failure.Message.TrimEnd('.'));
            return NameBook.Empty;
        }
    }

    IReadOnlyList<NamedEntity> ReadFile(ConfigurationMember place)
    {
        try
        {
            return NameListFile.Read(place);
        }
        catch (Failure failure)
        {
            log.Warning("{Reason:l}. The events go on without its names", failure.Message.TrimEnd('.'));
            return [];
        }
    }

    void Keep(NameBook book)
    {
        _book = _kept = book;
        try
        {
            if (_isKept)
            {
                file.Write(book, time.GetUtcNow());
            }
        }
        catch (Failure failure)
        {
            _isKept = false;
            log.Warning("{Reason:l}. The events go on; the names are read again in the next run", failure.Message.TrimEnd('.'));
        }
    }
}
