using System.Text.Json;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Enrichment;

/// <summary>
/// Keeps the name book in <c>names.json</c>. Names can be had again, so a file that holds no book counts for none; two runs may
/// write it at the same time.
/// </summary>
/// <param name="source">Whose names these are.</param>
/// <param name="readOnly">A dry run: nothing is written.</param>
internal sealed class NameBookFile(string path, string lockPath, string source, bool readOnly)
{
    /// <exception cref="Failure">We may not (78), or the disk fails (74).</exception>
    public NameBook Read()
    {
        try
        {
            return RegularFile.Read(path, RegularFile.Large) is { } bytes
                && SafeJson.Read(bytes, EnrichmentJson.Default.NameBookContent) is { Format: NameBookContent.CurrentFormat } content
                && content.Source == source
                && content.Lists.All(list => list is not null && list.Names.All(each => each is not null))
                    ? new NameBook(content.Users, content.Groups, content.Vaults, []) { Members = content.Members ?? NameBook.Empty.Members }
                    : NameBook.Empty;
        }
        catch (NoJsonException)
        {
            return NameBook.Empty;
        }
    }

    /// <exception cref="Failure">The disk does not take it (74), or we may not read what is there (78).</exception>
    public void Write(NameBook book, DateTimeOffset now)
    {
        if (readOnly)
        {
            return;
        }

        using var held = FileLock.Take(lockPath);
        var latest = book.Latest(Read(), now);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(
            new NameBookContent(NameBookContent.CurrentFormat, source, latest[NameKind.User], latest[NameKind.Group], latest[NameKind.Vault], latest.Members.Count == 0 ? null : latest.Members),
            EnrichmentJson.Default.NameBookContent);
        DurableFile.Replace(path, bytes);
        LargeMemory.Return(bytes.Length);
    }
}
