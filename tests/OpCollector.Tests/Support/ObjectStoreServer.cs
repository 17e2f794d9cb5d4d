using System.Text.Json.Nodes;

namespace OpCollector.Tests.Support;

/// <summary>npm's s3rver for several tests: to start it takes longer than most of them. Each has a bucket of its own in it.</summary>
public sealed class ObjectStoreServer : IDisposable
{
    readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("opcollector-store-");
    readonly int _port = Daemon.FreePort();
    readonly Lazy<Task<Daemon>> _server;
    int _buckets;

    public ObjectStoreServer() => _server = new(() => NpmPackage.ServeAsync("s3rver@3.7.1", $$"""
        const S3rver = require('s3rver');
        new S3rver({ address: '127.0.0.1', port: {{_port}}, directory: {{JsonValue.Create(_directory.FullName).ToJsonString()}}, silent: true }).run();
        """, _port));

    public void Dispose()
    {
        if (_server.IsValueCreated && _server.Value.IsCompletedSuccessfully)
        {
            _server.Value.Result.Dispose();
        }

        _directory.Delete(recursive: true);
    }

    /// <summary>An empty bucket; the spec is skipped where there is no s3rver.</summary>
    internal async Task<ObjectStore> NewBucketAsync()
    {
        await _server.Value;
        var bucket = _directory.CreateSubdirectory($"logs-{Interlocked.Increment(ref _buckets)}");
        return new ObjectStore(bucket, $"http://127.0.0.1:{_port}");
    }
}
