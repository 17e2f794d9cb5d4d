using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Benchmarks;

/// <summary>npm's s3rver with a bucket called logs, in a directory of its own.</summary>
internal sealed class Bucket : IDisposable
{
    const string Package = "s3rver@3.7.1";

    readonly string _directory;
    readonly Process _server;

    public Bucket(Workshop workshop)
    {
        _directory = workshop.Place("store");
        var port = FreePort();
        Endpoint = $"http://127.0.0.1:{port}";
        var modules = Path.Combine(Repository, "artifacts", Package);
        if (!Directory.Exists(Path.Combine(modules, "node_modules")))
        {
            Tools.Run("npm", "install", "--no-audit", "--no-fund", "--prefix", modules, Package);
        }

        var script = $"new (require('s3rver'))({{ address: '127.0.0.1', port: {port}, directory: '{_directory}', silent: true, " +
            "configureBuckets: [{ name: 'logs' }] }).run(() => console.log('serves'));";
        _server = Process.Start(
            new ProcessStartInfo("node", ["-e", script]) { WorkingDirectory = modules, RedirectStandardOutput = true })!;
        if (_server.StandardOutput.ReadLine() is null)
        {
            throw new BenchmarkException($"{Package} does not serve");
        }
    }

    public string Endpoint { get; }

    /// <summary>How many lines all objects have.</summary>
    public int Lines => Directory.EnumerateFiles(Logs, "*._S3rver_object", SearchOption.AllDirectories).Sum(LinesOf);

    string Logs => Path.Combine(_directory, "logs");

    static string Repository => typeof(Bucket).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "repository").Value!;

    public void Empty()
    {
        foreach (var folder in Directory.EnumerateDirectories(Logs))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void Dispose()
    {
        _server.Kill();
        _server.Dispose();
    }

    static int LinesOf(string file)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        return lines.ReadToEnd().Count(c => c == '\n');
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
