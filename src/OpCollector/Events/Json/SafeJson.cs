using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace OpCollector.Events.Json;

/// <summary>
/// The one way to read a JSON document whose texts we look at: an answer, a file of names, a file of the state. .NET's readers throw five
/// kinds of exceptions at half a character or a number that is too long; here all of it is <see cref="NoJsonException"/> or is repaired.
/// </summary>
internal static class SafeJson
{
    const int EscapeLength = 6; // \ud800
    const int MostParts = 500_000;

    /// <param name="options">The depth that is allowed, comments, and so on.</param>
    /// <exception cref="NoJsonException">It is not JSON.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, JsonDocumentOptions options = default) =>
        Read(Sound(json), sound => JsonDocument.Parse(sound, options));

    /// <summary>The answer of a server: one of very many parts takes a dozen times its size, and none has them.</summary>
    /// <exception cref="NoJsonException">It is not JSON, or has more than half a million parts.</exception>
    public static JsonDocument ParseAnswer(ReadOnlyMemory<byte> json) =>
        json.Span.Count((byte)',') > MostParts ? throw new NoJsonException("it has more than half a million parts") : Parse(json);

    /// <summary>The answer of a server; null where it is not JSON.</summary>
    public static JsonDocument? TryParseAnswer(ReadOnlyMemory<byte> json) => json.Span.Count((byte)',') > MostParts ? null : TryParse(json);

    /// <summary>
    /// The document with its bytes unchanged, for code that passes them on; its texts may only be read within
    /// <see cref="Read{T}(ReadOnlyMemory{byte}, Func{ReadOnlyMemory{byte}, T})"/>.
    /// </summary>
    /// <exception cref="NoJsonException">It is not JSON.</exception>
    public static JsonDocument ParseAsItIs(ReadOnlyMemory<byte> json, JsonDocumentOptions options = default) =>
        Read(json, raw => JsonDocument.Parse(raw, options));

    /// <summary>The document; null where it is not JSON.</summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> json, JsonDocumentOptions options = default)
    {
        try
        {
            return Parse(json, options);
        }
        catch (NoJsonException)
        {
            return null;
        }
    }

    /// <summary>What a type makes of the document.</summary>
    /// <exception cref="NoJsonException">It is not JSON, null, or not of that type.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, JsonTypeInfo<T> type)
        where T : class =>
        Read(Sound(json), sound => JsonSerializer.Deserialize(sound.Span, type) ?? throw new NoJsonException("it is null"));

    /// <summary>What a reading of our own, token by token, makes of JSON.</summary>
    /// <exception cref="NoJsonException">It is not JSON, or the reading says so.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> json, Func<ReadOnlyMemory<byte>, T> reading)
    {
        try
        {
            return reading(json);
        }
        catch (JsonException ex)
        {
            throw NoJsonException.Translate(ex);
        }
        catch (Exception ex) when (IsAboutContent(ex))
        {
            throw new NoJsonException("it cannot be read", ex);
        }
    }

    /// <summary>The member of an object; null where it is not an object or has no such member.</summary>
    public static JsonElement? Member(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var member) ? member : null;

    /// <summary>The text of a member; null where it is not a text.</summary>
    public static string? Text(this JsonElement json, ReadOnlySpan<byte> name) => json.Member(name)?.Text();

    /// <summary>The text; null where the element is not a text.</summary>
    public static string? Text(this JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString() : null;

    /// <summary>
    /// A copy without a byte order mark, with U+FFFD for what is not UTF-8 and for half characters: the readers of .NET throw at
    /// them, some only when the text is asked for. What is sound is not copied.
    /// </summary>
    public static ReadOnlyMemory<byte> Sound(ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith(Encoding.UTF8.Preamble))
        {
            json = json[Encoding.UTF8.Preamble.Length..];
        }

        if (!Utf8.IsValid(json.Span))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        }

        return WithWholeCharacters(json);
    }

    static ReadOnlyMemory<byte> WithWholeCharacters(ReadOnlyMemory<byte> json)
    {
        byte[]? mended = null;
        var from = json.Span;
        for (var at = 0; from[at..].IndexOf((byte)'\\') is >= 0 and var next;)
        {
            at += next;
            if (!IsSurrogate(from[at..], out var isHigh))
            {
                // The character that is escaped, which may be a backslash.
                at += Math.Min(2, from.Length - at);
            }
            else if (isHigh && IsSurrogate(from[(at + EscapeLength)..], out var isNextHigh) && !isNextHigh)
            {
                at += 2 * EscapeLength;
            }
            else
            {
                mended ??= from.ToArray();
                "\\ufffd"u8.CopyTo(mended.AsSpan(at));
                at += EscapeLength;
            }
        }

        return mended ?? json;
    }

    // \ud800 to \udbff is the first half of a character, \udc00 to \udfff the second.
    static bool IsSurrogate(ReadOnlySpan<byte> json, out bool isHigh)
    {
        isHigh = false;
        if (json.Length < EscapeLength || json[0] != '\\' || json[1] != 'u' || (json[2] | 0x20) != 'd'
            || !char.IsAsciiHexDigit((char)json[3]) || !char.IsAsciiHexDigit((char)json[4]) || !char.IsAsciiHexDigit((char)json[5]))
        {
            return false;
        }

        var half = (char)(json[3] | 0x20);
        isHigh = half is '8' or '9' or 'a' or 'b';
        return isHigh || half is >= 'c' and <= 'f';
    }

    static bool IsAboutContent(Exception ex) =>
        ex is InvalidOperationException or ArgumentException or NotSupportedException or FormatException or OverflowException
            or KeyNotFoundException;
}
