using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace OpCollector.Names.Words;

/// <summary>A sentence with places left open, as <c>vocabulary.json</c> writes it.</summary>
internal sealed partial class Sentence
{
    readonly (bool IsOptional, SentencePart[] Parts)[] _pieces;

    /// <exception cref="ArgumentException">It has a placeholder that does not exist.</exception>
    public Sentence(string text) => _pieces =
    [
        .. Pieces().Matches(text).Select(piece => piece.Groups["optional"] is { Success: true } optional
            ? (true, Parts(optional.Value))
            : (false, Parts(piece.Value))),
    ];

    /// <summary>Whether nothing that it needs is missing.</summary>
    public bool CanBeSaid(in SentenceValues words)
    {
        foreach (var (isOptional, parts) in _pieces)
        {
            if (!isOptional && !IsKnown(parts, words))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes it, as it may be written between quotes in JSON.</summary>
    public void WriteTo(IBufferWriter<byte> json, in SentenceValues words)
    {
        foreach (var (isOptional, parts) in _pieces)
        {
            if (isOptional && !IsKnown(parts, words))
            {
                continue;
            }

            foreach (var part in parts)
            {
                Write(json, part, words);
            }
        }
    }

    static void Write(IBufferWriter<byte> json, SentencePart part, in SentenceValues words)
    {
        switch (part.Filled)
        {
            case SentencePlaceholder.It when words.It.CanBeSaid(words):
                words.It.WriteTo(json, words);
                break;
            case SentencePlaceholder.Changes:
                Encoding.UTF8.GetBytes(AuxInfo.Changes(words.AuxInfo), json);
                break;
            case SentencePlaceholder.Count:
                Encoding.UTF8.GetBytes(AuxInfo.Count(words.AuxInfo), json);
                break;
            case { } placeholder when Value(placeholder, words) is { IsEmpty: false } value:
                json.Write(value);
                break;
            default:
                json.Write(part.Text);
                break;
        }
    }

    static bool IsKnown(SentencePart[] parts, in SentenceValues words)
    {
        foreach (var part in parts)
        {
            var isKnown = part.Filled switch
            {
                null or SentencePlaceholder.Changes or SentencePlaceholder.Count => true,
                SentencePlaceholder.It => words.It.CanBeSaid(words),
                { } placeholder => !Value(placeholder, words).IsEmpty,
            };
            if (!isKnown)
            {
                return false;
            }
        }

        return true;
    }

    static ReadOnlySpan<byte> Value(SentencePlaceholder placeholder, in SentenceValues words) => placeholder switch
    {
        SentencePlaceholder.Actor => words.Actor,
        SentencePlaceholder.Object => words.Object,
        SentencePlaceholder.Aux => words.Aux,
        SentencePlaceholder.AuxInfo => words.AuxInfo,
        SentencePlaceholder.Role => AuxInfo.Role(words.AuxInfo),
        SentencePlaceholder.Action => words.Action,
        SentencePlaceholder.Type => words.Type,
        _ => default,
    };

    static SentencePart[] Parts(string text) =>
    [
        .. PartPattern().Matches(text).Select(part => part.Groups["name"] is { Success: true } name
            ? new SentencePart(
                Enum.Parse<SentencePlaceholder>(name.Value, ignoreCase: true),
                Encoding.UTF8.GetBytes(part.Groups["else"] is { Success: true } other ? other.Value : Unknown(name.Value)))
            : new SentencePart(null, Encoding.UTF8.GetBytes(part.Value))),
    ];

    static string Unknown(string name) => name == "actor" ? "Somebody" : "something";

    [GeneratedRegex(@"\[(?<optional>[^\]]*)\]|[^\[]+")]
    private static partial Regex Pieces();

    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)(?:\|(?<else>[^}]*))?\}|[^{]+")]
    private static partial Regex PartPattern();
}

/// <summary>
/// What fills a sentence: names and codes as JSON writes them between quotes, so that nothing needs to be read and written
/// again. Empty is what is not known.
/// </summary>
internal readonly ref struct SentenceValues
{
    public ReadOnlySpan<byte> Actor { get; init; }

    public ReadOnlySpan<byte> Object { get; init; }

    public ReadOnlySpan<byte> Aux { get; init; }

    public ReadOnlySpan<byte> AuxInfo { get; init; }

    public ReadOnlySpan<byte> Action { get; init; }

    public ReadOnlySpan<byte> Type { get; init; }

    /// <summary>How the object is called in general words.</summary>
    public Sentence It { get; init; }
}

/// <summary>A piece of a sentence: words as they are, or something to be filled in.</summary>
/// <param name="Text">The words; of something to be filled in, those for want of a better one.</param>
internal readonly record struct SentencePart(SentencePlaceholder? Filled, byte[] Text);

/// <summary>The placeholders of a sentence; <c>vocabulary.json</c> says what each means.</summary>
internal enum SentencePlaceholder
{
    Actor,
    Object,
    Aux,
    AuxInfo,
    Role,
    Changes,
    Count,
    It,
    Action,
    Type,
}
