using System.IO.Compression;
using System.Net.Http.Headers;

namespace OpCollector.Http;

/// <summary>
/// Unpacks answers that are packed although nobody has asked for it: a request that does not say which codings it accepts may get any of
/// them (RFC 9110, 12.5.3), and a proxy that packs all answers uses gzip.
/// </summary>
internal static class PackedAnswers
{
    // Each takes memory, and nobody packs a thing that often.
    const int MostCodings = 3;

    /// <param name="headers">They name the codings in the order in which they were applied; an unknown name is skipped.</param>
    /// <exception cref="InvalidDataException">It is packed in a way that is not read.</exception>
    public static Stream Unpack(Stream answer, HttpContentHeaders headers)
    {
        string[] codings = headers.NonValidated.TryGetValues("Content-Encoding", out var values)
            ? [.. values.SelectMany(each => each.Split(',', StringSplitOptions.TrimEntries)).Select(each => each.ToLowerInvariant())]
            : [];
        return codings.Length > MostCodings ? throw new InvalidDataException() : codings.Reverse().Aggregate(answer, Unpack);
    }

    static Stream Unpack(Stream answer, string coding) => coding switch
    {
        "gzip" or "x-gzip" => new GZipStream(answer, CompressionMode.Decompress),
        "deflate" => new ZLibStream(answer, CompressionMode.Decompress),
        "br" or "zstd" or "compress" or "x-compress" => throw new InvalidDataException(),
        _ => answer,
    };
}
