using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Reporting;
using OpCollector.Storage;
using OpCollector.Storage.Postgres;
using Serilog;

namespace OpCollector.Cli.Hosting;

/// <summary>What every command starts from: the environment, the configuration, the state, the clock and the log.</summary>
/// <param name="configuration">The file that <c>--config</c> names; null where it names none.</param>
/// <param name="terminal">Where progress is shown; null where stderr is not a terminal.</param>
/// <param name="scope">How much of the configuration it needs.</param>
internal sealed class Host(string? configuration, SettingsScope scope, ILogger log, Terminal? terminal, TimeProvider time)
{
    /// <summary>The lock that keeps apart two runs of collect, and commands that move the position.</summary>
    public const string CollectWork = "collect";

    Settings? _settings;
    StateDirectory? _directory;
    StateStore? _state;

    /// <summary>The environment of this process.</summary>
    public static EnvironmentVariables Variables { get; } = EnvironmentVariables.FromProcess();

    public ILogger Log => log;

    public TimeProvider Time => time;

    public Settings Settings => _settings ??= Settings.Load(configuration, Variables, scope);

    /// <summary>Whether there is a configuration at all, for commands that can do without one.</summary>
    public bool IsConfigured => ConfigurationFile.TryFind(configuration, Variables) is not null;

    /// <summary>What says which file is the configuration.</summary>
    public string NamedBy => configuration is not null ? "--config"
        : Variables["OPCOLLECTOR_CONFIG"] is { Length: > 0 } ? "the environment variable OPCOLLECTOR_CONFIG"
        : "the first of the usual places";

    /// <summary>The directory of this host: all of the state, where no database is configured.</summary>
    public StateDirectory Directory => _directory ??= StateDirectory.Locate(Settings.State.Directory, Variables);

    /// <summary>Where this host keeps unfinished walks; null where it needs no directory at all.</summary>
    public StateDirectory? Walks => Settings.State.Postgres is null || Settings.Source.KeepsWalks ? Directory : null;

    public StateStore State => _state ??= Settings.State.Postgres is { } postgres ? Postgres(postgres) : Directory;

    /// <summary>
    /// That no run has used the state: by hand, and as root, a directory is easily another one than that of the service.
    /// </summary>
    public string NoState => Settings.State.Postgres is null
        ? $"No run has used the state directory {State.Location} yet. Is it the one that the service uses? Set state.directory, or, where " +
            "systemd runs it, use opcollector-service COMMAND"
        : $"No run has used the state {State.Location} yet. Is it the one that the service uses? Check state.postgres";

    /// <summary>Whose events the checkpoint counts.</summary>
    public string Fingerprint => Settings.Source.Fingerprint;

    public CheckpointFile Checkpoints => new(State, CheckpointFile.Main, Fingerprint, log);

    public Quarantine Quarantine => QuarantineOf(State);

    /// <summary>How the collector is doing.</summary>
    /// <param name="told">What hears of a checkpoint that was read from the one before it.</param>
    public CollectorStatus Status(ILogger told) => CollectorStatus.Read(State, Walks, Quarantine, Fingerprint, time, told);

    /// <exception cref="Failure">A route or the metrics would write into the program's own files (78).</exception>
    public void RefuseOwnFilesAsOutput() => OwnFiles.RefuseAsOutput(Settings.Root, Walks);

    /// <summary>Where items are delivered to.</summary>
    /// <exception cref="Failure">A secret that a route needs is not there, or a route or the metrics would write into the program's own
    /// files (78).</exception>
    public Routes Routes()
    {
        RefuseOwnFilesAsOutput();
        return new Routes(
            Route(Delivery.Route.Usual, Settings.Sink),
            Settings.Source.StreamNames,
            [.. Settings.Sink.Routes.Select(each => Route(each.Key, each.Value))]);
    }

    /// <summary>Shows how far a run has come, without a bar where the terminal shows data too: each would overwrite the other.</summary>
    public RunProgress Progress() =>
        terminal is null || (Settings.Sink is StdoutSinkSettings && !Console.IsOutputRedirected)
            ? new ProgressLines(time, log)
            : new LastingBar(terminal, time);

    /// <summary>Shows how far a dry run has come, which prints what it reads.</summary>
    public RunProgress PreviewProgress() =>
        terminal is null ? new ProgressLines(time, log)
        : Console.IsOutputRedirected ? new LastingBar(terminal, time)
        : new BarUntilPrinted(terminal, time);

    /// <summary>Makes the state where it is missing, and locks it; null when another run holds the lock, which is not a
    /// failure.</summary>
    public IDisposable? TryHold(string work)
    {
        State.Ensure();
        return State.TryHold(work, 3 * Settings.MaxRunTime, time);
    }

    /// <summary>The quarantine of this state.</summary>
    public Quarantine QuarantineOf(StateStore state) => state is PostgresState postgres
        ? new QuarantineTable(postgres, time)
        : QuarantineFile.Open((StateDirectory)state, time);

    // A lease that lasts a little longer than a run may take, its end included.
    PostgresState Postgres(PostgresSettings settings) => new(
        new PostgresSession(settings.Address(), settings.Schema, time),
        settings.Name,
        Walks,
        Settings.MaxRunTime + TimeSpan.FromSeconds(60));

    Route Route(string name, SinkSettings settings) => new(name, settings.Open(time, log), settings.Form);
}
