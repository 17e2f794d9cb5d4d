using System.Collections;
using OpCollector.Checkpoints;
using OpCollector.Configuration;
using OpCollector.Delivery;
using OpCollector.Detection;
using OpCollector.Detection.Sigma;
using OpCollector.Enrichment;
using OpCollector.Events;
using OpCollector.Reporting;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;
using OpCollector.Storage;
using Serilog;
using Serilog.Core;

namespace OpCollector.Cli;

/// <summary>What every command starts from: the configuration, the environment, the clock and the log, and the objects made of them.</summary>
internal sealed class Host(string? configuration, ILogger log, Terminal? terminal, TimeProvider time)
{
    static readonly IReadOnlyDictionary<string, string> Variables = Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "");

    bool _withSink = true;
    Settings? _settings;
    StateDirectory? _state;

    public ILogger Log => log;

    /// <summary>An environment variable; null where it is not set.</summary>
    public static string? Variable(string name) => Variables.GetValueOrDefault(name);

    public TimeProvider Time => time;

    public Settings Settings => _settings ??= Settings.Load(configuration, Variable, _withSink);

    /// <summary>The same for a command that only looks: whether the sink is right is no matter of its.</summary>
    public Host WithoutSink() => new(configuration, log, terminal, time) { _withSink = false };

    /// <summary>What says which file is the configuration.</summary>
    public string NamedBy => configuration is not null ? "--config" : Variable("OPCOLLECTOR_CONFIG") is { Length: > 0 } ? "the environment variable OPCOLLECTOR_CONFIG" : "the first of the usual places";

    /// <summary>Whether there is a configuration at all, for commands that can do without one.</summary>
    public bool IsConfigured => ConfigurationFile.TryFind(configuration, Variable) is not null;

    /// <summary>What keeps two runs of collect from working at once, and the position from being moved under one.</summary>
    public const string CollectLock = "collect.lock";

    /// <summary>The walk of collect, where one is unfinished.</summary>
    public string Walk => State.PathOf("walk.ndjson");

    public StateDirectory State => _state ??= StateDirectory.For(Settings.StateDirectory, Variable);

    /// <summary>Whose events the checkpoint counts; never made from a secret or a path.</summary>
    public string Fingerprint => Settings.Source.Op is { } op ? $"op:{op.Account}" : EventsApiSource.Fingerprint;

    public CheckpointFile Checkpoints => new(State, CheckpointFile.Main, Fingerprint, log);

    public Quarantine Quarantine => Quarantine.In(State, time);

    /// <summary>Where the collector stands, read without a lock: files of another moment may stand beside each other.</summary>
    /// <param name="damage">What is wrong with the checkpoint, which then is missing; null where it is right.</param>
    /// <param name="log">What is told of a checkpoint that was read from the one before it.</param>
    public Standing Standing(ILogger log, out Failure? damage)
    {
        var (quarantined, oldest) = Quarantine.Sum();
        var walk = new FileInfo(Walk);
        Checkpoint? checkpoint = null;
        damage = null;
        try
        {
            checkpoint = new CheckpointFile(State, CheckpointFile.Main, Fingerprint, log).Read();
        }
        catch (Failure failure)
        {
            damage = failure;
        }

        return new Standing(
            time.GetUtcNow(),
            LastRunFile.Read(State, time.GetUtcNow()),
            checkpoint,
            checkpoint is not null && new FileInfo(State.PathOf(CheckpointFile.Main)) is { Exists: true } file ? file.LastWriteTimeUtc : null,
            quarantined,
            oldest,
            walk.Exists ? (walk.Length, walk.LastWriteTimeUtc) : null,
            [.. CheckpointFile.OfBackfills(State).Select(name => (State.PathOf(name), PositionOf(name)))]);
    }

    /// <summary>What shows how far a run has come; data on the same terminal and a bar would tear each other.</summary>
    public Progress Progress() => new(Settings.Sink.Type == SinkType.Stdout && !Console.IsOutputRedirected ? null : terminal, time, log);

    /// <param name="state">What is remembered of the source.</param>
    /// <param name="obeyPause">Whether nothing is tried by itself for a while after a refusal.</param>
    /// <param name="parallel">How many calls of op a backfill may have under way at once.</param>
    public Source Source(string walkPath, StateStore state, bool obeyPause = true, int? parallel = null) => Settings.Source.EventsApi is { } api
        ? new EventsApiSource(api, Settings.Start, ct => TokenAsync(api.Token, ct), new EventsApiMemory(state), state, obeyPause, time, log)
        : OpSource(walkPath, state, obeyPause, parallel);

    /// <param name="state">Where names are kept.</param>
    /// <param name="findings">Whether rules are shown the events, so that watch lists are needed.</param>
    /// <param name="parallel">How many calls of op a backfill may have under way at once.</param>
    public Naming Naming(Source source, StateStore state, bool findings, int? parallel = null) => new(
        new NameBookFile(state, Fingerprint),
        source.Names is { } names ? async (kind, ct) => NameListJson.Read(await names(kind, ct)) : null,
        Settings.Enrichment,
        time,
        log)
    {
        AtOnce = parallel ?? 1,
        Followed = findings && source.Members is { } members && Settings.Detection.Groups is { Count: > 0 } groups
            ? new FollowedGroups(groups, async (group, ct) => NameListJson.ReadMembers(await members(group, ct)))
            : null,
    };

    public Sink Sink() => Settings.Sink.Type switch
    {
        SinkType.Webhook => new WebhookSink(Settings.Sink.Webhook!, time, log),
        SinkType.File => new FileSink(Settings.Sink.FilePath!),
        _ => new StdoutSink(),
    };

    /// <summary>The watch lists of the configuration, by the names that earlier runs have learned; none without a configuration.</summary>
    public Watchlists Watchlists => IsConfigured ? ListsBy(KnownNames()) : Watchlists.None;

    /// <summary>Whether all was asked for once that entries of watch lists are looked up in.</summary>
    public bool KnowsNames => KnownNames() is var names && names.All.Any()
        && Settings.Detection.Groups.SelectMany(names.GroupsCalled).All(group => names.In(group).Tried is not null);

    /// <summary>What a run looks for in events. A wrong rule is told now, before anything is fetched.</summary>
    /// <param name="findings">Whether it looks for anything.</param>
    public Watch Watch(Naming naming, bool findings)
    {
        if (!findings)
        {
            return new Watch(rules: null, onlyFindings: false);
        }

        // The built-in rules are right, and reading them takes a third of a run that finds nothing new: they wait for an event.
        var book = Settings.Detection is { Rules: [], Disabled: [] } ? null : RuleBook([]);
        var usesNames = Settings.Detection.Lists.Count > 0 || Settings.Detection.WorkingHours.Count > 0;
        // In the first run of all, names are there only once the first page has asked for them.
        return new Watch(() => usesNames && naming.Book is { } names ? LoadRules(ListsBy(names)) : book ?? RuleBook([]), Settings.Sink.OnlyFindings);
    }

    /// <summary>The rules of the configuration and the built-in ones, or some others instead of all of them.</summary>
    /// <param name="instead">Files and directories; empty for none.</param>
    public RuleBook RuleBook(IReadOnlyList<string> instead)
    {
        var lists = Watchlists;
        if (instead.Count == 0)
        {
            return LoadRules(lists);
        }

        var rules = RulesReader.Read(instead.Select(Path.GetFullPath).SelectMany(RuleFiles.At), lists.Find);
        return Told(Detection.RuleBook.Only(rules, [.. lists.Warnings(rules.UuidLists)]));
    }

    /// <summary>The lock of the cron checkpoint; null when another run holds it, which is no failure.</summary>
    public RunLock? TryLock(string name) => RunLock.TryTake(State.PathOf(name), 3 * Settings.MaxRunTime, time);

    string PositionOf(string backfill)
    {
        try
        {
            var file = new CheckpointFile(State, backfill, Fingerprint, Logger.None);
            return file.Read() is { } at ? $"now at {at.Position}{(file.Backfill is { } asked ? $", up to event {asked.To}" : "")}" : "at its beginning";
        }
        catch (Failure failure)
        {
            return failure.Message;
        }
    }

    OpSource OpSource(string walkPath, StateStore state, bool obeyPause, int? parallel)
    {
        var memory = new OpMemory(state);
        var calls = new AllowedCalls(parallel ?? 1, log);
        OpSession Session(IReadOnlyDictionary<string, string> environment, bool isOneOfMany) =>
            new(Settings.Op, new OpSignIn(Settings.Op, memory, obeyPause, time, log) { IsOneOfMany = isOneOfMany }, environment, calls, time, log);
        OpSession Hire(string temporary) => Session(new Dictionary<string, string>(Variables) { ["TMPDIR"] = temporary }, isOneOfMany: true);
        var first = Session(Variables, isOneOfMany: false);
        return new OpSource(parallel is null ? first : new OpCrew(first, Hire, calls, Path.ChangeExtension(walkPath, "sessions"), log), Fingerprint, walkPath, time, log);
    }

    async Task<string> TokenAsync(TokenSettings token, CancellationToken ct) =>
        token.Secret?.Reveal() ?? await OpRead.ReadAsync(token, Variables, time, ct);

    NameBook KnownNames()
    {
        // Who looks for something in files may not be the user that cron runs as.
        var book = File.Exists(State.PathOf(NameBookFile.Name)) ? new NameBookFile(State, Fingerprint).Read() : NameBook.Empty;
        return book.WithMore([.. Settings.Enrichment.Lists.SelectMany(ReadList)]);
    }

    IReadOnlyList<NamedThing> ReadList(ConfigurationMember place)
    {
        try
        {
            return NameListFile.Read(place);
        }
        catch (Failure failure)
        {
            // A run that explains events says so, and so does check.
            log.Debug("{Reason:l}. Watch lists go without its names", failure.Message.TrimEnd('.'));
            return [];
        }
    }

    Watchlists ListsBy(NameBook names) => new(
        Settings.Detection.Lists,
        [.. names.All.Select(each => new KnownName(each.Kind, each.Thing.Uuid, each.Thing.Name ?? "", each.Thing.Email))],
        group => names.In(group) is { Read: not null } members ? [.. members.Names.Select(member => member.Uuid)] : null)
    {
        EventsSayAddresses = Settings.Source.EventsApi is not null,
    };

    RuleBook LoadRules(Watchlists lists) => Told(Detection.RuleBook.Load(
        IsConfigured ? Settings.Detection : DetectionSettings.Usual,
        IsConfigured ? Settings.Silence : SilenceSettings.Usual,
        lists));

    RuleBook Told(RuleBook book)
    {
        if (book.LeftOut is { } leftOut)
        {
            log.Debug("{LeftOut:l}", leftOut);
        }

        return book;
    }
}
