using OpCollector.Configuration;
using OpCollector.Detection;
using OpCollector.Detection.Sigma.Reading;
using OpCollector.Events;
using OpCollector.Names;

namespace OpCollector.Cli.Hosting;

/// <summary>The rules that a configuration asks for, with its watch lists looked up in the names that are known.</summary>
internal sealed class ConfiguredRules(Host host)
{
    KnownNames? _known;

    /// <summary>The watch lists of the configuration, by the names that earlier runs have learned; none without a configuration.</summary>
    public Watchlists Watchlists => host.IsConfigured ? Entries.LookUp(Names) : Watchlists.None;

    /// <summary>Whether every list of names was read once that entries of watch lists are looked up in.</summary>
    public bool KnowsNames => Names.All.Any()
        && Detection.Groups.SelectMany(Names.GroupsCalled).All(group => Names.MembersOf(group).Tried is not null);

    /// <summary>The names that earlier runs have learned, and those of files; none without a configuration.</summary>
    public NameBook Names => host.IsConfigured ? Known.Book : NameBook.Empty;

    /// <summary>What is said of events from files, by the names that earlier runs have learned.</summary>
    public Sentences Sentences => new(Names);

    /// <summary>What a user is called, by the names that earlier runs have learned; null where it is not known.</summary>
    public string? NameOf(string user) => Names.All
        .FirstOrDefault(each => each.Kind == NameKind.User && each.Entity.Uuid.Equals(user, StringComparison.OrdinalIgnoreCase))
        .Entity?.Name;

    /// <summary>That runs do not deliver what the rules find, as the end of a sentence; empty where they do.</summary>
    public string Delivery => Detection.IsDelivered ? "" : ", for opcollector detect alone: detection.deliver is \"off\"";

    DetectionSettings Detection => host.IsConfigured ? host.Settings.Detection : DetectionSettings.Default;

    KnownNames Known => _known ??= new KnownNames(host.State, host.Fingerprint, host.Settings.Enrichment, host.Log);

    WatchlistEntries Entries => new(Detection.Lists, host.Settings.Source.EventsSayAddresses);

    EventFilter Filter => new(host.Settings.Sink.LeftBehind, host.Settings.Sink.Drop, Entries);

    ConfiguredRuleLoader Loader => new(
        Detection,
        host.IsConfigured ? host.Settings.Silence : SilenceSettings.Default,
        host.IsConfigured ? Entries : WatchlistEntries.None,
        host.Log)
    {
        Drop = host.IsConfigured ? host.Settings.Sink.Drop : [],
        Clock = host.Time,
        Lateness = (host.IsConfigured ? host.Settings.Source.Lateness : null) ?? InstalledRules.DefaultLateness,
    };

    /// <summary>The rules of the configuration and the built-in ones, or others instead of all of them.</summary>
    /// <param name="instead">Files and directories; empty for none.</param>
    /// <exception cref="Failure">A rule or a watch list is wrong (78).</exception>
    public InstalledRules Load(params IReadOnlyList<string> instead)
    {
        if (instead.Count == 0)
        {
            return Loader.Load(Names);
        }

        var lists = Watchlists;
        var rules = SigmaRulesReader.Read(instead.Select(Path.GetFullPath).SelectMany(RuleFiles.Read), lists, NativeRules.All);
        return Loader.Complete(InstalledRules.WithoutSettings(rules, lists));
    }

    /// <summary>What a run looks for in events. A wrong rule is a failure now, before anything is fetched.</summary>
    /// <exception cref="Failure">A rule or a watch list is wrong (78).</exception>
    public DetectionStage CreateRuleStage(RuleMemoryFile memory)
    {
        RuleLoader loader = Loader;
        // To read the built-in rules takes a third of a run that finds nothing new. They are known to be right, so they are read with the
        // first event.
        if (Detection is not { Rules: [], Disabled: [] })
        {
            var rules = Load();
            loader = Loader.UsesNames ? Loader : new LoadedRules(rules);
        }

        // A wrong rule of sink.drop is a failure now, too.
        Dropping();
        return new RuleStage(loader, Known, Filter, memory);
    }

    /// <summary>What a run leaves out that looks for nothing.</summary>
    /// <exception cref="Failure">A rule is wrong (78).</exception>
    public DetectionStage CreateDropStage(RuleMemoryFile memory)
    {
        Dropping();
        return new DropStage(Filter, memory);
    }

    /// <summary>The rules of what is not delivered, by the names that earlier runs have learned; null where all of it is.</summary>
    /// <exception cref="Failure">A rule is wrong (78).</exception>
    public DropRules? Dropping() => host.Settings.Sink.Drop.IsEmpty ? null : DropRules.Read(host.Settings.Sink.Drop, Watchlists);
}
