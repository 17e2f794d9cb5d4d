using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>npm's s3rver as an object store of its own for one test, with a bucket called logs.</summary>
internal sealed class ObjectStore : IDisposable
{
    /// <summary>The only keys that it knows.</summary>
    public const string Key = "S3RVER";

    const string Stored = "._S3rver_object";

    readonly Daemon _server;
    readonly string _directory;

    ObjectStore(Daemon server, string directory, int port) =>
        (_server, _directory, Endpoint) = (server, directory, $"http://127.0.0.1:{port}");

    public string Endpoint { get; }

    /// <summary>The keys of all objects in the bucket, in the order of the alphabet.</summary>
    public string[] Keys => Directory.Exists(Bucket)
        ? [.. Directory.EnumerateFiles(Bucket, $"*{Stored}", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Bucket, file)[..^Stored.Length])
            .Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The lines of all objects, in the order of their keys.</summary>
    public string[] Lines => [.. Keys.SelectMany(LinesOf)];

    string Bucket => Path.Combine(_directory, "logs");

    public static async Task<ObjectStore> StartAsync(string directory)
    {
        var port = Daemon.FreePort();
        var server = await NpmPackage.ServeAsync("s3rver@3.7.1", $$"""
            const S3rver = require('s3rver');
            new S3rver({ address: '127.0.0.1', port: {{port}}, directory: {{JsonValue.Create(directory).ToJsonString()}}, silent: true,
              configureBuckets: [{ name: 'logs' }] }).run();
            """, port);
        return new ObjectStore(server, directory, port);
    }

    /// <summary>The lines of the objects below a folder, in the order in which the objects came.</summary>
    public string[] LinesAsTheyCame(string prefix) =>
    [
        .. Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal))
            .OrderBy(key => File.GetLastWriteTimeUtc(Path.Combine(Bucket, key + Stored)))
            .SelectMany(LinesOf),
    ];

    public string[] LinesOf(string key)
    {
        using var packed = new GZipStream(File.OpenRead(Path.Combine(Bucket, key + Stored)), CompressionMode.Decompress);
        using var text = new StreamReader(packed, Encoding.UTF8);
        return text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A sink that puts objects here.</summary>
    public JsonObject Sink() => new()
    {
        ["type"] = "s3",
        ["bucket"] = "logs",
        ["region"] = "auto",
        ["endpoint"] = Endpoint,
        ["pathStyle"] = true,
        ["timeout"] = "5s",
        ["credentials"] = new JsonObject { ["accessKeyId"] = Key, ["secretAccessKey"] = new JsonObject { ["env"] = "S3_SECRET" } },
    };

    public void Dispose() => _server.Dispose();
}
