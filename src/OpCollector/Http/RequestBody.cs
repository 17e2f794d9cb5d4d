using System.Net;

namespace OpCollector.Http;

/// <summary>The body of a request, which tells whether any of it was sent: before that, the server cannot have seen it.</summary>
internal sealed class RequestBody(ReadOnlyMemory<byte> bytes) : HttpContent
{
    /// <summary>Whether there was a connection to send it on.</summary>
    public bool IsSent { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        IsSent = true;
        return stream.WriteAsync(bytes, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        length = bytes.Length;
        return true;
    }
}
