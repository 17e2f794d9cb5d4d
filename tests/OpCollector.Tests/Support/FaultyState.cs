using OpCollector.Delivery;
using OpCollector.Storage;
using OpCollector.Storage.Postgres;

namespace OpCollector.Tests.Support;

/// <summary>Where a world keeps its state, and how it fails there.</summary>
internal abstract class FaultyState
{
    /// <summary>The state as a run sees it.</summary>
    public abstract StateStore Store { get; }

    public abstract Quarantine Quarantine(TimeProvider time);

    /// <summary>Lets something that is written under this name fail.</summary>
    public abstract void Obstruct(string name);

    /// <summary>Lets everything work again.</summary>
    public abstract void Clear();

    /// <summary>The whole lines of the quarantine.</summary>
    public abstract IEnumerable<string> QuarantineLines();

    /// <summary>Gives up what it has open.</summary>
    public virtual void Close()
    {
    }
}

/// <summary>A directory, in which a file is made impossible by a directory of its name: that fails for root too.</summary>
internal sealed class FaultyDirectory(string path) : FaultyState
{
    public override StateStore Store => new StateDirectory(path);

    public override Quarantine Quarantine(TimeProvider time) => QuarantineFile.Open(new StateDirectory(path), time);

    public override void Obstruct(string name)
    {
        if (!File.Exists(Path.Combine(path, name)))
        {
            Directory.CreateDirectory(Path.Combine(path, name, "in-the-way"));
        }
    }

    public override void Clear()
    {
        foreach (var way in Directory.GetDirectories(path))
        {
            Directory.Delete(way, recursive: true);
        }
    }

    public override IEnumerable<string> QuarantineLines() => File.Exists(Path.Combine(path, "quarantine.ndjson"))
        ? File.ReadAllLines(Path.Combine(path, "quarantine.ndjson")).Where(line => line.EndsWith('}'))
        : [];
}

/// <summary>PostgreSQL behind a wire that breaks at some message, before the server hears it or after.</summary>
internal sealed class FaultyPostgres : FaultyState
{
    static int _schemas;

    readonly string _schema = $"faults_{Interlocked.Increment(ref _schemas)}";
    readonly string _path;
    readonly PostgresServer _server;
    readonly TimeProvider _time;
    readonly Random _random;
    readonly CutWire _wire;
    PostgresState? _state;

    public FaultyPostgres(PostgresServer server, string path, TimeProvider time, Random random)
    {
        (_server, _path, _time, _random) = (server, path, time, random);
        _wire = new CutWire(server.Port);
    }

    public override StateStore Store => _state ??= Open(PostgresServer.At(_wire.Port));

    public override Quarantine Quarantine(TimeProvider time) => new QuarantineTable((PostgresState)Store, time);

    public override void Obstruct(string name)
    {
        var (at, cut) = (_wire.Messages + _random.Next(1, 40), _random.Next(2) == 0 ? Cut.Before : Cut.After);
        _wire.Judge = (_, number) => number == at ? cut : Cut.None;
    }

    public override void Clear()
    {
        _wire.Judge = (_, _) => Cut.None;
        _state?.Session.Dispose();
        _state = null;
        if (_server.Ask($"SELECT to_regclass('{_schema}.lease') IS NOT NULL") is true)
        {
            _server.Ask($"UPDATE {_schema}.lease SET until = clock_timestamp()");
        }
    }

    public override IEnumerable<string> QuarantineLines()
    {
        var state = Open(_server.Connection);
        using var session = state.Session;
        return [.. new QuarantineTable(state, _time).Lines().Select(line => System.Text.Encoding.UTF8.GetString(line.Bytes.Span))];
    }

    public override void Close()
    {
        _state?.Session.Dispose();
        _wire.Dispose();
    }

    PostgresState Open(string connection) => new(
        new PostgresSession(PostgresAddress.Parse(connection), _schema, _time),
        "acme",
        new StateDirectory(_path),
        TimeSpan.FromMinutes(5));
}
