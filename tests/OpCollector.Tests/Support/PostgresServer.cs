using System.Diagnostics;
using Npgsql;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>
/// A server of PostgreSQL for the specs of one class, from the package of the distribution: on the loopback, as a user who is not root, in
/// a directory that is gone with it. It can be killed and started again, and another one can follow it.
/// </summary>
public sealed class PostgresServer : IDisposable
{
    const string Nobody = "65534";

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly string? Programs = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql")
            .OrderByDescending(version => double.Parse(Path.GetFileName(version), System.Globalization.CultureInfo.InvariantCulture))
            .Select(version => Path.Combine(version, "bin"))
            .FirstOrDefault(programs => File.Exists(Path.Combine(programs, "postgres")))
        : null;

    readonly string _directory;
    readonly bool _isOwnDirectory;
    string[] _settings = [];
    Process? _process;

    public PostgresServer()
        : this(Directory.CreateTempSubdirectory("opcollector-postgres-").FullName, isOwnDirectory: true)
    {
        if (Programs is not null)
        {
            Run("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8");
            Start();
        }
    }

    PostgresServer(string directory, bool isOwnDirectory)
    {
        (_directory, _isOwnDirectory) = (directory, isOwnDirectory);
        if (Environment.IsPrivilegedProcess)
        {
            Wait(Process.Start("/bin/chown", [Nobody, directory]));
        }
    }

    public int Port { get; } = Daemon.FreePort();

    /// <summary>How a collector reaches it.</summary>
    public string Connection => At(Port);

    string Data => Path.Combine(_directory, "data");

    /// <summary>Skips the spec where there is no PostgreSQL.</summary>
    public static void SkipWithout() => Assert.SkipWhen(Programs is null, "PostgreSQL is not installed");

    /// <summary>A server in a directory that a spec has chosen, such as a small disk.</summary>
    public static PostgresServer In(string directory)
    {
        SkipWithout();
        var server = new PostgresServer(directory, isOwnDirectory: false);
        Run("initdb", "-D", server.Data, "-U", "postgres", "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8", "--wal-segsize=1");
        // Whenever it starts: with its usual sizes the log alone fills a small disk.
        server._settings = ["-c", "min_wal_size=2MB", "-c", "max_wal_size=4MB"];
        server.Start();
        return server;
    }

    /// <summary>The same behind something else that listens.</summary>
    public static string At(int port) => $"Host=127.0.0.1;Port={port};Username=postgres;Database=postgres;Timeout=15";

    /// <summary>
    /// Starts it, and waits until it serves. A server that was killed leaves processes behind for a moment, and while these are there
    /// another one ends at once: it is started again.
    /// </summary>
    public void Start()
    {
        var began = Stopwatch.StartNew();
        var serves = false;
        while (!serves && began.Elapsed < Patience)
        {
            Launch();
            SpinWait.SpinUntil(() => _process!.HasExited || (serves = IsReady()), Patience - began.Elapsed);
        }

        serves.Should().BeTrue("PostgreSQL serves");
    }

    void Launch()
    {
        _process?.Dispose();
        _process = Process.Start(AsNobody("postgres", [
            "-D", Data, "-p", $"{Port}", "-k", _directory, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=50",
            "-c", "shared_buffers=16MB", .. _settings]))!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Ends it at once, with everything it is in the middle of, as a power cut would.</summary>
    public void Kill()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    /// <summary>A copy of it as it is now, which follows it until it is made the primary.</summary>
    public PostgresServer Standby()
    {
        var standby = new PostgresServer(Directory.CreateTempSubdirectory("opcollector-standby-").FullName, isOwnDirectory: true);
        Run("pg_basebackup", "-D", standby.Data, "-h", "127.0.0.1", "-p", $"{Port}", "-U", "postgres", "-R", "--no-sync", "-c", "fast");
        standby.Start();
        return standby;
    }

    /// <summary>Makes a standby the primary.</summary>
    public void Promote() => Ask("SELECT pg_promote()");

    /// <summary>Asks the server something by itself.</summary>
    public object? Ask(string sql)
    {
        using var connection = new NpgsqlConnection($"{Connection};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // of the specs alone
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    public void Dispose()
    {
        Kill();
        if (_isOwnDirectory)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    bool IsReady()
    {
        try
        {
            return Ask("SELECT 1") is 1;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    static void Run(string program, params string[] arguments) => Wait(Process.Start(AsNobody(program, arguments)));

    static void Wait(Process? process)
    {
        process!.WaitForExit();
        process.ExitCode.Should().Be(0, process.StartInfo.FileName);
        process.Dispose();
    }

    // The server refuses to be root.
    static ProcessStartInfo AsNobody(string program, string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("/usr/bin/setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = "/";
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        return start;
    }
}
