namespace SiemEmulator.Http;

/// <summary>The request line and the header of a request, as they came over the wire.</summary>
internal sealed record Head(string Text)
{
    public string Method => Text.Split(' ')[0];

    public string Target => Text.Split(' ')[1];

    public string Path => Target.Split('?')[0];

    public string? Header(string name) => All(name) is [var first, ..] ? first : null;

    public IReadOnlyList<string> All(string name) => [.. Text.Split("\r\n")
        .Skip(1)
        .Where(line => line.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())];

    public string? Query(string name) => Target.Split('?', 2).ElementAtOrDefault(1)?.Split('&')
        .Where(each => each.StartsWith($"{name}=", StringComparison.Ordinal))
        .Select(each => Uri.UnescapeDataString(each[(name.Length + 1)..]))
        .FirstOrDefault();

    /// <summary>Whether the body is of this media type; a parameter other than the charset UTF-8 is none.</summary>
    public bool IsOf(string mediaType) => Header("Content-Type") is { } type
        && (type.Equals(mediaType, StringComparison.OrdinalIgnoreCase)
            || type.Replace(" ", "", StringComparison.Ordinal).Equals($"{mediaType};charset=utf-8", StringComparison.OrdinalIgnoreCase));
}
