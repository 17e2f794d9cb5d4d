using OpCollector.Configuration;
using OpCollector.Detection;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;
using OpCollector.Names;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Cli.Hosting;

/// <summary>The rules that a configuration asks for, with its watch lists looked up in the names that are known.</summary>
internal sealed class ConfiguredRules(Host host)
{
    NameBook? _names;

    /// <summary>The watch lists of the configuration, by the names that earlier runs have learned; none without a configuration.</summary>
    public Watchlists Watchlists => host.IsConfigured ? ListsBy(KnownNames()) : Watchlists.None;

    /// <summary>Whether every list of names was read once that entries of watch lists are looked up in.</summary>
    public bool KnowsNames => KnownNames() is var names && names.All.Any()
        && Detection.Groups.SelectMany(names.GroupsCalled).All(group => names.MembersOf(group).Tried is not null);

    /// <summary>The names that earlier runs have learned, and those of files; none without a configuration.</summary>
    public NameBook Names => _names ??= host.IsConfigured ? KnownNames() : NameBook.Empty;

    /// <summary>What is said of events from files, by the names that earlier runs have learned.</summary>
    public Sentences Sentences => new(Names);

    /// <summary>What a user is called, by the names that earlier runs have learned; null where it is not known.</summary>
    public string? NameOf(string user) => Names.All
        .FirstOrDefault(each => each.Kind == NameKind.User && each.Entity.Uuid.Equals(user, StringComparison.OrdinalIgnoreCase))
        .Entity?.Name;

    DetectionSettings Detection => host.Settings.Detection;

    /// <summary>The rules of the configuration and the built-in ones, or others instead of all of them.</summary>
    /// <param name="instead">Files and directories; empty for none.</param>
    /// <exception cref="Failure">A rule or a watch list is wrong (78).</exception>
    public InstalledRules Load(params IReadOnlyList<string> instead)
    {
        var lists = Watchlists;
        if (instead.Count == 0)
        {
            return Load(lists);
        }

        var rules = SigmaRulesReader.Read(instead.Select(Path.GetFullPath).SelectMany(RuleFiles.Read), lists, NativeRules.All);
        return Logged(InstalledRules.WithoutSettings(rules, lists));
    }

    /// <summary>What a run looks for in events. A wrong rule is a failure now, before anything is fetched.</summary>
    /// <exception cref="Failure">A rule or a watch list is wrong (78).</exception>
    public DetectionStage Stage(NamingStage naming, RuleMemoryFile memory)
    {
        // To read the built-in rules takes a third of a run that finds nothing new. They are known to be right, so they are read with the
        // first event.
        var book = Detection is { Rules: [], Disabled: [] } ? null : Load();
        var usesNames = Detection.Lists.Count > 0 || Detection.WorkingHours.Count > 0;
        // In a first run the names are unknown until the first page has been explained.
        return new DetectionStage(
            () => usesNames && naming.Book is { } names ? Load(ListsBy(names)) : book ?? Load(),
            host.Settings.Sink.LeftBehind,
            memory)
        {
            Drop = Drop(naming),
        };
    }

    /// <summary>Applies <c>sink.drop</c> only; detects nothing.</summary>
    /// <exception cref="Failure">A rule is wrong (78).</exception>
    public DetectionStage DropStage(NamingStage naming, RuleMemoryFile memory) =>
        new(rules: null, host.Settings.Sink.LeftBehind, memory) { Drop = Drop(naming) };

    /// <summary>The drop rules with the names that earlier runs learned; null if <c>sink.drop</c> is not set.</summary>
    public DropRules? Dropping() => host.Settings.Sink.Drop.IsEmpty ? null : DropRules.Read(host.Settings.Sink.Drop, Watchlists);

    Func<DropRules>? Drop(NamingStage naming) => Dropping() is not { } known ? null
        : () => naming.Book is { } names ? DropRules.Read(host.Settings.Sink.Drop, ListsBy(names)) : known;

    NameBook KnownNames()
    {
        // Who looks for something in files may not be the user that cron runs as.
        var book = File.Exists(host.State.PathOf(NameBookFile.Name))
            ? new NameBookFile(host.State, host.Fingerprint).Read()
            : NameBook.Empty;
        return book.WithMore([.. host.Settings.Enrichment.Lists.SelectMany(ReadList)]);
    }

    IReadOnlyList<NamedEntity> ReadList(ConfigurationMember place)
    {
        try
        {
            return NameListFile.Read(place);
        }
        catch (Failure failure)
        {
            // A run that explains events says so, and so does check.
            host.Log.Debug("{Reason:l}. Watch lists go without its names", failure.Message.TrimEnd('.'));
            return [];
        }
    }

    Watchlists ListsBy(NameBook names) => new(
        Detection.Lists,
        [.. names.All.Select(each => new KnownName(each.Kind, each.Entity.Uuid, each.Entity.Name ?? "", each.Entity.Email))])
    {
        Members = names.Members.Where(each => each.Value.Read is not null).ToDictionary(
            each => each.Key, IReadOnlyList<string> (each) => [.. each.Value.Names.Select(member => member.Uuid)]),
        EventsSayAddresses = host.Settings.Source is EventsApiSettings,
    };

    InstalledRules Load(Watchlists lists) => Logged(InstalledRules.Load(
        host.IsConfigured ? Detection : DetectionSettings.Default,
        host.IsConfigured ? host.Settings.Silence : SilenceSettings.Default,
        lists));

    // The Events API is read again for what came late; op is looked at within minutes.
    InstalledRules Logged(InstalledRules read)
    {
        var book = host.IsConfigured && host.Settings.Source is EventsApiSettings api
            ? read with { Clock = host.Time, Lateness = api.Streams.Max(stream => stream.Overlap) }
            : read with { Clock = host.Time };
        if (book.LeftOut is { } leftOut)
        {
            host.Log.Debug("{LeftOut:l}", leftOut);
        }

        return book;
    }
}
