using System.Text.Json;

namespace OpCollector.Events;

/// <summary>A kind of object that events are about.</summary>
/// <param name="As">How one of them is called in a sentence of general words.</param>
/// <param name="Object">To what <c>objectUuid</c> belongs; null for what has no name.</param>
/// <param name="Aux">To what <c>auxUUID</c> belongs; null where that is not known, or has no name.</param>
internal sealed record VocabularyObject(Sentence As, NameKind? Object, NameKind? Aux)
{
    public static VocabularyObject From(JsonElement json) => new(new Sentence(json.GetProperty("as").GetString()!), Kind(json, "object"), Kind(json, "aux"));

    static NameKind? Kind(JsonElement json, string member) =>
        json.TryGetProperty(member, out var kind) ? Enum.Parse<NameKind>(kind.GetString()!, ignoreCase: true) : null;
}
