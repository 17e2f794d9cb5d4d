using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace OpCollector.Events;

/// <summary>A sentence with places left open, as <c>vocabulary.json</c> writes it.</summary>
internal sealed partial class Sentence
{
    readonly (bool IsOptional, SentencePart[] Parts)[] _pieces;

    /// <exception cref="ArgumentException">It leaves open what nobody knows.</exception>
    public Sentence(string text) => _pieces =
    [
        .. Pieces().Matches(text).Select(piece => piece.Groups["optional"] is { Success: true } optional
            ? (true, Parts(optional.Value))
            : (false, Parts(piece.Value))),
    ];

    /// <summary>Whether nothing that it needs is missing.</summary>
    public bool CanBeSaid(in Words words)
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

    /// <summary>Writes it, fit to stand between quotes in JSON.</summary>
    public void WriteTo(IBufferWriter<byte> json, in Words words)
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

    static void Write(IBufferWriter<byte> json, SentencePart part, in Words words)
    {
        switch (part.Filled)
        {
            case Placeholder.It when words.It.CanBeSaid(words):
                words.It.WriteTo(json, words);
                break;
            case Placeholder.Changes:
                Encoding.UTF8.GetBytes(AuxInfo.Changes(words.AuxInfo), json);
                break;
            case Placeholder.Count:
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

    static bool IsKnown(SentencePart[] parts, in Words words)
    {
        foreach (var part in parts)
        {
            var isKnown = part.Filled switch
            {
                null or Placeholder.Changes or Placeholder.Count => true,
                Placeholder.It => words.It.CanBeSaid(words),
                { } placeholder => !Value(placeholder, words).IsEmpty,
            };
            if (!isKnown)
            {
                return false;
            }
        }

        return true;
    }

    static ReadOnlySpan<byte> Value(Placeholder placeholder, in Words words) => placeholder switch
    {
        Placeholder.Actor => words.Actor,
        Placeholder.Object => words.Object,
        Placeholder.Aux => words.Aux,
        Placeholder.AuxInfo => words.AuxInfo,
        Placeholder.Role => AuxInfo.Role(words.AuxInfo),
        Placeholder.Action => words.Action,
        Placeholder.Type => words.Type,
        _ => default,
    };

    static SentencePart[] Parts(string text) =>
    [
        .. PartPattern().Matches(text).Select(part => part.Groups["name"] is { Success: true } name
            ? new SentencePart(Enum.Parse<Placeholder>(name.Value, ignoreCase: true), Encoding.UTF8.GetBytes(part.Groups["else"] is { Success: true } other ? other.Value : Unknown(name.Value)))
            : new SentencePart(null, Encoding.UTF8.GetBytes(part.Value))),
    ];

    static string Unknown(string name) => name == "actor" ? "Somebody" : "something";

    [GeneratedRegex(@"\[(?<optional>[^\]]*)\]|[^\[]+")]
    private static partial Regex Pieces();

    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)(?:\|(?<else>[^}]*))?\}|[^{]+")]
    private static partial Regex PartPattern();
}
