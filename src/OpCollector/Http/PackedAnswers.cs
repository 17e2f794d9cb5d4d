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

    static readonly string[] Unreadable = ["br", "zstd", "compress", "x-compress"];

    /// <param name="headers">They name the codings in the order in which they were applied; one that is not read is skipped.</param>
    /// <exception cref="InvalidDataException">It is packed too often.</exception>
    public static Stream Unpack(Stream answer, HttpContentHeaders headers)
    {
        var codings = Codings(headers);
        return codings.Length > MostCodings ? throw new InvalidDataException() : codings.Reverse().Aggregate(answer, Unpack);
    }

    /// <summary>Refuses an answer that is packed in a way that is not read; one that is empty needs no reading.</summary>
    /// <exception cref="InvalidDataException">It is packed in such a way.</exception>
    public static void RefuseUnreadable(HttpContentHeaders headers, int length)
    {
        if (length > 0 && Codings(headers).Intersect(Unreadable).Any())
        {
            throw new InvalidDataException();
        }
    }

    static Stream Unpack(Stream answer, string coding) => coding switch
    {
        "gzip" or "x-gzip" => new GZipStream(answer, CompressionMode.Decompress),
        "deflate" => new ZLibStream(answer, CompressionMode.Decompress),
        _ => answer,
    };

    static string[] Codings(HttpContentHeaders headers) => headers.NonValidated.TryGetValues("Content-Encoding", out var values)
        ? [.. values.SelectMany(each => each.Split(',', StringSplitOptions.TrimEntries)).Select(each => each.ToLowerInvariant())]
        : [];
}
