using System.Text.Json;
using System.Text.Json.Serialization;
using OpCollector.Events;
using OpCollector.Storage;

namespace OpCollector.Names;

/// <summary>
/// Keeps the name book in <c>names.json</c>. Names can be had again, so a file that holds no book counts for none; two runs may
/// write it at the same time.
/// </summary>
/// <param name="source">Whose names these are.</param>
internal sealed class NameBookFile(StateStore state, string source)
{
    public const string Name = "names.json";

    /// <exception cref="Failure">We may not (78), or the disk fails (74).</exception>
    public NameBook Read() => Parse(state.Read(Name, StateStore.Large));

    /// <exception cref="Failure">The disk does not take it (74).</exception>
    public void Write(NameBook book, DateTimeOffset now) => state.Change(Name, StateStore.Large, bytes =>
    {
        var latest = book.Latest(Parse(bytes), now);
        var written = JsonSerializer.SerializeToUtf8Bytes(
            new NameBookContent(
                NameBookContent.CurrentFormat,
                source,
                latest[NameKind.User],
                latest[NameKind.Group],
                latest[NameKind.Vault],
                latest.Members.Count == 0 ? null : latest.Members),
            NamesJson.Default.NameBookContent);
        LargeMemory.Return(written.Length);
        return written;
    });

    NameBook Parse(byte[]? bytes)
    {
        try
        {
            return bytes is not null
                && SafeJson.Read(bytes, NamesJson.Default.NameBookContent) is { Format: NameBookContent.CurrentFormat } content
                && content.Source == source
                && content.Lists.All(list => list is not null && list.Names.All(each => each is not null))
                    ? new NameBook(content.Users, content.Groups, content.Vaults, [])
                    {
                        Members = content.Members ?? NameBook.Empty.Members
                    }
                    : NameBook.Empty;
        }
        catch (NoJsonException)
        {
            return NameBook.Empty;
        }
    }
}

/// <summary>How the name book is written to the disk.</summary>
/// <param name="Members">Who is in a group, by its uuid; null where no watch list follows one.</param>
internal sealed record NameBookContent(
    int Format, string Source, NameList Users, NameList Groups, NameList Vaults, IReadOnlyDictionary<string, NameList>? Members = null)
{
    public const int CurrentFormat = 1;

    [JsonIgnore]
    public IEnumerable<NameList> Lists => [Users, Groups, Vaults, .. Members?.Values ?? []];
}

/// <summary>The JSON of <c>names.json</c>, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NameBookContent))]
internal sealed partial class NamesJson : JsonSerializerContext;
