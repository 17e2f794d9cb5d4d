namespace OpCollector.Tests.Support;

/// <summary>Gives each trial an outlet of its own, all of one kind.</summary>
internal sealed class Outlets : IDisposable
{
    const string Bucket = "bucket";

    readonly string _kind;
    readonly ObjectStoreServer _server = new();
    ObjectStore? _store;

    Outlets(string kind) => _kind = kind;

    public static async Task<Outlets> NamedAsync(string kind)
    {
        var outlets = new Outlets(kind);
        outlets._store = kind == Bucket ? await outlets._server.NewBucketAsync() : null;
        return outlets;
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

    public void Dispose() => _server.Dispose();
}
