using OpCollector.Storage;

namespace OpCollector.Http;

/// <summary>
/// Reads each answer to its end before a library sees it, and gives up one that does not end: libraries keep all of what they are sent.
/// The header Location is left out: no redirect is followed, and a library that expects an address there throws at anything else.
/// </summary>
internal sealed class ShortAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    const int Most = 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        response.Headers.Remove("Location");
        if (request.Method == HttpMethod.Head)
        {
            return response;
        }

        // Whatever ends this before the answer ends, closes the connection with the stream.
        var whole = new ByteArrayContent(await ReadAsync(response.Content, cancellationToken));
        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            whole.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values);
        }

        response.Content = whole;
        return response;
    }

    static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken ct)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        await using var stream = await content.ReadAsStreamAsync(ct);
        while (await stream.ReadAsync(buffer, ct) is > 0 and var length)
        {
            await kept.WriteAsync(buffer.AsMemory(0, length), ct);
            if (kept.Length > Most)
            {
                throw new TooLargeException($"the answer has no end, and was given up after {BoundedFile.InWords(Most)}");
            }
        }

        return kept.ToArray();
    }
}
