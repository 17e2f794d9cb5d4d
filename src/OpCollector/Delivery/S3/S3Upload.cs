using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;

namespace OpCollector.Delivery.S3;

/// <summary>A batch as an object: its lines, packed, under a key that is the same however often it is put there. Pure.</summary>
internal sealed record S3Upload(string Key, byte[] Content)
{
    const int LongestId = 128;

    /// <summary>The object of a batch; it lies by the time of its first event.</summary>
    public static S3Upload Pack(Batch batch, string prefix)
    {
        var first = batch.Events[0];
        var hour = first.Time?.UtcDateTime.ToString("yyyy'/'MM'/'dd'/'HH", CultureInfo.InvariantCulture) ?? "undated";
        return new S3Upload($"{prefix}{batch.Stream}/{hour}/{Named(first.Id)}-{batch.Id}.ndjson.gz", Packed(batch));
    }

    /// <summary>The request that puts it into a bucket.</summary>
    /// <param name="isAmazon">Whether the newer checksums are known there, which stay with the object; MD5 is known everywhere.</param>
    public PutObjectRequest Request(string bucket, EncryptionSettings? encryption, bool isAmazon)
    {
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = Key,
            InputStream = new MemoryStream(Content, writable: false),
            // Without a content encoding: with one, some clients unpack the object, and a file that ends with .gz is not packed.
            ContentType = "application/gzip",
            // What others than Amazon do not know.
            UseChunkEncoding = false,
        };
        if (isAmazon)
        {
            request.ChecksumAlgorithm = ChecksumAlgorithm.SHA256;
            request.ChecksumSHA256 = Convert.ToBase64String(SHA256.HashData(Content));
        }
        else
        {
#pragma warning disable CA5351 // what the protocol has against damage on the way
            request.MD5Digest = Convert.ToBase64String(MD5.HashData(Content));
#pragma warning restore CA5351
        }

        if (encryption is not null)
        {
            request.ServerSideEncryptionMethod = encryption.Method;
            request.ServerSideEncryptionKeyManagementServiceKeyId = encryption.KeyId;
        }

        return request;
    }

    // An id may be any text, and a key is part of an address.
    static string Named(string id) =>
        string.Concat(id.Take(LongestId).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '-'));

    static byte[] Packed(Batch batch)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var each in batch.Events)
            {
                gzip.Write(each.Sent.Span);
                gzip.Write("\n"u8);
            }
        }

        return packed.ToArray();
    }
}
