using System.Collections;
using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Delivery.S3;
using OpCollector.Delivery.Webhook;
using OpCollector.Reporting;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Cli;

/// <summary>What every command starts from: the environment, the configuration, the state, the clock and the log.</summary>
/// <param name="configuration">The file that <c>--config</c> names; null where it names none.</param>
/// <param name="terminal">Where progress is shown; null where stderr is no terminal.</param>
internal sealed class Host(string? configuration, ILogger log, Terminal? terminal, TimeProvider time)
{
    /// <summary>What keeps two runs of collect from working at once, and the position from being moved under one.</summary>
    public const string CollectLock = "collect.lock";

    bool _readsSink = true;
    Settings? _settings;
    StateDirectory? _state;

    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");

    public ILogger Log => log;

    public TimeProvider Time => time;

    public Settings Settings => _settings ??= Settings.Load(configuration, Variable, _readsSink);

    /// <summary>Whether there is a configuration at all, for commands that can do without one.</summary>
    public bool IsConfigured => ConfigurationFile.TryFind(configuration, Variable) is not null;

    /// <summary>What says which file is the configuration.</summary>
    public string NamedBy => configuration is not null ? "--config"
        : Variable("OPCOLLECTOR_CONFIG") is { Length: > 0 } ? "the environment variable OPCOLLECTOR_CONFIG"
        : "the first of the usual places";

    public StateDirectory State => _state ??= StateDirectory.For(Settings.StateDirectory, Variable);

    /// <summary>Whose events the checkpoint counts.</summary>
    public string Fingerprint => Settings.Source.Fingerprint;

    public CheckpointFile Checkpoints => new(State, CheckpointFile.Main, Fingerprint, log);

    public Quarantine Quarantine => Quarantine.In(State, time);

    /// <summary>An environment variable; null where it is not set.</summary>
    public static string? Variable(string name) => Variables.GetValueOrDefault(name);

    /// <summary>The same for a command that only looks: a sink that is wrong does not keep it from that.</summary>
    public Host WithoutSink() => new(configuration, log, terminal, time) { _readsSink = false };

    /// <summary>How the collector is doing.</summary>
    /// <param name="told">What hears of a checkpoint that was read from the one before it.</param>
    public CollectorStatus Status(ILogger told) => CollectorStatus.Read(State, Fingerprint, time, told);

    /// <summary>Where items are delivered to.</summary>
    /// <exception cref="Failure">A secret that a route needs is not there (78).</exception>
    public Routes Routes() => new(
        Route(Delivery.Route.Usual, Settings.Sink),
        Settings.Source.StreamNames,
        [.. Settings.Sink.Routes.Select(each => Route(each.Key, each.Value))]);

    /// <summary>What shows how far a run has come; data on the same terminal and a bar would tear each other.</summary>
    public Progress Progress() => new(Settings.Sink.Type == SinkType.Stdout && !Console.IsOutputRedirected ? null : terminal, time, log);

    /// <summary>The lock of a run; null when another run holds it, which is no failure.</summary>
    public RunLock? TryLock(string name) => RunLock.TryTake(State.PathOf(name), 3 * Settings.MaxRunTime, time);

    Route Route(string name, SinkSettings settings) => new(name, Sink(settings), settings.Form);

    Sink Sink(SinkSettings settings) => settings.Type switch
    {
        SinkType.Webhook => new WebhookSink(settings.Webhook!, time, log),
        SinkType.S3 => new S3Sink(settings.S3!, time, log),
        SinkType.File => new FileSink(settings.FilePath!),
        _ => new StdoutSink(),
    };
}
