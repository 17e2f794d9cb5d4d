namespace OpCollector.Tests.Support;

/// <summary>Gives each trial an outlet of its own, all of one kind.</summary>
internal sealed class Outlets : IDisposable
{
    const string Bucket = "bucket";

    readonly string _kind;
    readonly DirectoryInfo? _directory;
    readonly ObjectStore? _store;

    Outlets(string kind, DirectoryInfo? directory = null, ObjectStore? store = null) =>
        (_kind, _directory, _store) = (kind, directory, store);

    public static async Task<Outlets> NamedAsync(string kind)
    {
        if (kind != Bucket)
        {
            return new Outlets(kind);
        }

        var directory = Directory.CreateTempSubdirectory("opcollector-store-");
        return new Outlets(kind, directory, await ObjectStore.StartAsync(directory.FullName));
    }

    public Outlet Next() => _kind switch
    {
        "file" => new FileOutlet(),
        "two files" => new TwoFiles(),
        "receiver" => new OneReceiver(),
        "two routes" => new TwoRoutes(),
        Bucket => new BucketOutlet(_store!),
        _ => throw new InvalidOperationException($"There is no outlet {_kind}"),
    };

    public void Dispose()
    {
        _store?.Dispose();
        _directory?.Delete(recursive: true);
    }
}
