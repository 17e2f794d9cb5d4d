using System.Reflection;
using System.Text;
using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Names.Words;

/// <summary>The codes of 1Password in plain English: which sentence tells an event, and to whom the ids in it belong.</summary>
internal sealed class Vocabulary
{
    const int LongestCode = 64;
    const string Else = "*";

    static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    static readonly Lazy<Vocabulary> Embedded = new(() =>
    {
        using var file = Assembly.GetExecutingAssembly().GetManifestResourceStream("vocabulary.json")!;
        return new Vocabulary(file);
    });

    readonly Dictionary<byte[], VocabularyObject>.AlternateLookup<ReadOnlySpan<byte>> _objects;
    readonly Dictionary<byte[], Sentence>.AlternateLookup<ReadOnlySpan<byte>> _actions;
    readonly Dictionary<byte[], Sentence>.AlternateLookup<ReadOnlySpan<byte>> _pairs;
    readonly Dictionary<byte[], Sentence>.AlternateLookup<ReadOnlySpan<byte>> _usages;
    readonly Dictionary<byte[], Sentence>.AlternateLookup<ReadOnlySpan<byte>> _signIns;
    readonly VocabularyObject _otherObject;
    readonly Sentence _otherAction;

    /// <param name="json">In the form of <c>vocabulary.json</c>.</param>
    public Vocabulary(Stream json)
    {
        using var words = JsonDocument.Parse(json, Options);
        _objects = Lookup(words, "objects", VocabularyObject.Parse);
        _actions = Lookup(words, "actions", text => new Sentence(text.GetString()!));
        _pairs = Lookup(words, "pairs", text => new Sentence(text.GetString()!));
        _usages = Lookup(words, "usages", text => new Sentence(text.GetString()!));
        _signIns = Lookup(words, "signIns", text => new Sentence(text.GetString()!));
        (_otherObject, _otherAction) = (_objects[Encoding.UTF8.GetBytes(Else)], _actions[Encoding.UTF8.GetBytes(Else)]);
    }

    /// <summary>The one that is part of the program.</summary>
    public static Vocabulary Standard => Embedded.Value;

    /// <summary>What is known of an <c>objectType</c>, also of an unknown one.</summary>
    public VocabularyObject Object(ReadOnlySpan<byte> type) => _objects.TryGetValue(type, out var known) ? known : _otherObject;

    /// <summary>The sentence for an action on such an object: its own, else the general one of the action.</summary>
    public Sentence Sentence(ReadOnlySpan<byte> type, ReadOnlySpan<byte> action)
    {
        if (type.Length + action.Length < LongestCode)
        {
            Span<byte> pair = stackalloc byte[LongestCode];
            type.CopyTo(pair);
            pair[type.Length] = (byte)' ';
            action.CopyTo(pair[(type.Length + 1)..]);
            if (_pairs.TryGetValue(pair[..(type.Length + 1 + action.Length)], out var sentence))
            {
                return sentence;
            }
        }

        return _actions.TryGetValue(action, out var general) ? general : _otherAction;
    }

    /// <summary>The sentence for what was done with an item.</summary>
    public Sentence Usage(ReadOnlySpan<byte> action) =>
        _usages.TryGetValue(action, out var known) ? known : _usages[Encoding.UTF8.GetBytes(Else)];

    /// <summary>The sentence for an attempt to sign in: of its category where that alone decides, else of its type.</summary>
    public Sentence SignIn(ReadOnlySpan<byte> category, ReadOnlySpan<byte> type) =>
        _signIns.TryGetValue(category, out var decided) || _signIns.TryGetValue(type, out decided)
            ? decided
            : _signIns[Encoding.UTF8.GetBytes(Else)];

    static Dictionary<byte[], T>.AlternateLookup<ReadOnlySpan<byte>> Lookup<T>(
        JsonDocument words, string section, Func<JsonElement, T> read) =>
        words.RootElement
            .GetProperty(section)
            .EnumerateObject()
            .ToDictionary(word => Encoding.UTF8.GetBytes(word.Name), word => read(word.Value), Utf8Comparer.Instance)
            .GetAlternateLookup<ReadOnlySpan<byte>>();
}

/// <summary>A kind of object that events are about.</summary>
/// <param name="As">How one of them is called in a sentence of general words.</param>
/// <param name="Object">To what <c>objectUuid</c> belongs; null for what has no name.</param>
/// <param name="Aux">To what <c>auxUUID</c> belongs; null where that is not known, or has no name.</param>
internal sealed record VocabularyObject(Sentence As, NameKind? Object, NameKind? Aux)
{
    public static VocabularyObject Parse(JsonElement json) =>
        new(new Sentence(json.GetProperty("as").GetString()!), Kind(json, "object"), Kind(json, "aux"));

    static NameKind? Kind(JsonElement json, string member) =>
        json.TryGetProperty(member, out var kind) ? Enum.Parse<NameKind>(kind.GetString()!, ignoreCase: true) : null;
}
