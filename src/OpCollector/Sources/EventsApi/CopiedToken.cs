using System.Buffers;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// What people leave around a token when they copy it: known before it is sent, where the server would only say that it is wrong.
/// </summary>
internal static class CopiedToken
{
    const char ByteOrderMark = '\uFEFF';
    const string Export = "export ";

    static readonly SearchValues<char> NameOfVariable = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>Pure: what is wrong with a token, as the end of a sentence that never repeats it; null where it is one word.</summary>
    public static string? Slip(string token) => token switch
    {
        [ByteOrderMark, ..] => "begins with a byte order mark; save it as plain text",
        ['"' or '\'' or '`', ..] or [.., '"' or '\'' or '`'] => "is in quotes, which docker's --env-file keeps; leave them out",
        _ when token.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) =>
            "begins with \"Bearer\", which is put before it anyway; leave that out",
        _ when IsAssignment(token) => "is a whole assignment, NAME=value; give the value alone",
        _ when token.AsSpan().ContainsAny('\r', '\n') => "holds a line break; it is one word on one line",
        _ when token.Any(char.IsWhiteSpace) => "holds a blank; it is one word",
        _ => null,
    };

    // At the end of a token there may be one = or several: they fill it up.
    static bool IsAssignment(string token)
    {
        var text = token.AsSpan(token.StartsWith(Export, StringComparison.Ordinal) ? Export.Length : 0);
        var sign = text.IndexOf('=');
        return sign > 0
            && !char.IsAsciiDigit(text[0])
            && !text[..sign].ContainsAnyExcept(NameOfVariable)
            && !text[sign..].Trim('=').IsEmpty;
    }
}
