using System.Buffers.Binary;
using System.IO.Compression;

namespace SiemEmulator.Http;

/// <summary>Undoes the content coding of a body.</summary>
internal static class Content
{
    public static byte[] Decoded(Head head, byte[] received)
    {
        switch (head.Header("Content-Encoding")?.ToUpperInvariant())
        {
            case null:
                return received;
            case "GZIP":
                return Unzipped(received);
            default:
                throw new MalformedRequestException("the content coding is not known", 415);
        }
    }

    /// <summary>What is packed in a body that is a file by itself.</summary>
    public static byte[] Unzipped(byte[] received)
    {
        try
        {
            using var zipped = new GZipStream(new MemoryStream(received), CompressionMode.Decompress);
            using var body = new MemoryStream();
            zipped.CopyTo(body);
            // RFC 1952 §2.3.1: the last four bytes are the length; the stream itself does not miss a tail that was cut off.
            return received.Length >= 18 && BinaryPrimitives.ReadUInt32LittleEndian(received.AsSpan()[^4..]) == body.Length
                ? body.ToArray()
                : throw new MalformedRequestException("the gzip body is cut off");
        }
        catch (InvalidDataException)
        {
            throw new MalformedRequestException("the body is no gzip");
        }
    }
}
