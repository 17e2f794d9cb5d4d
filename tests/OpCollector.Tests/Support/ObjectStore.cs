using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>A bucket in npm's s3rver, and what lies in it.</summary>
internal sealed class ObjectStore(DirectoryInfo bucket, string endpoint)
{
    /// <summary>The only keys that it knows.</summary>
    public const string Key = "S3RVER";

    const string Stored = "._S3rver_object";

    public string Endpoint => endpoint;

    /// <summary>The name of the bucket.</summary>
    public string Name => bucket.Name;

    /// <summary>The keys of all objects in the bucket, in the order of the alphabet.</summary>
    public string[] Keys =>
    [
        .. bucket.EnumerateFiles($"*{Stored}", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(bucket.FullName, file.FullName)[..^Stored.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The lines of all objects, in the order of their keys.</summary>
    public string[] Lines => [.. Keys.SelectMany(LinesOf)];

    /// <summary>The lines of the objects below a folder, in the order in which the objects came.</summary>
    public string[] LinesAsTheyCame(string prefix) =>
    [
        .. Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(key => File.GetLastWriteTimeUtc(FileOf(key)))
            .SelectMany(LinesOf),
    ];

    public string[] LinesOf(string key)
    {
        using var packed = new GZipStream(File.OpenRead(FileOf(key)), CompressionMode.Decompress);
        using var text = new StreamReader(packed, Encoding.UTF8);
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A sink that puts objects here.</summary>
    public JsonObject Sink() => new()
    {
        ["type"] = "s3",
        ["bucket"] = Name,
        ["region"] = "auto",
        ["endpoint"] = Endpoint,
        ["pathStyle"] = true,
        ["timeout"] = "5s",
        ["credentials"] = new JsonObject { ["accessKeyId"] = Key, ["secretAccessKey"] = new JsonObject { ["env"] = "S3_SECRET" } },
    };

    string FileOf(string key) => Path.Combine(bucket.FullName, key + Stored);
}
