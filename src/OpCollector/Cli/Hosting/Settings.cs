using OpCollector.Configuration;
using OpCollector.Detection;
using OpCollector.Http;
using OpCollector.Names;
using OpCollector.Sources;
using OpCollector.Storage;

namespace OpCollector.Cli.Hosting;

/// <summary>What the configuration file says, checked and typed; secrets are still only places.</summary>
/// <param name="Root">The file itself, every value with its line.</param>
internal sealed record Settings(
    ConfigurationMember Root,
    SourceSettings Source,
    StartingPoint Start,
    TimeSpan MaxRunTime,
    StateSettings State,
    EnrichmentSettings Enrichment,
    SinkSettings Sink,
    DetectionSettings Detection,
    SilenceSettings Silence)
{
    static readonly TimeSpan UsualRunTime = TimeSpan.FromMinutes(4);

    public string File => Root.File;

    /// <summary>Where metrics are written to; null where nobody reads them.</summary>
    public string? MetricsFile { get; init; }

    /// <summary>Whom a run tells that it began and how it ended; null where nobody wants to know.</summary>
    public ServerAddress? Heartbeat { get; init; }

    /// <summary>The proxy that the environment names.</summary>
    public EnvironmentProxy Proxy { get; init; } = EnvironmentProxy.None;

    public static Settings Load(string? option, EnvironmentVariables environment, SettingsScope scope = SettingsScope.Whole)
    {
        var root = ConfigurationFile.Read(ConfigurationFile.Find(option, environment));
        return ConfigurationErrors.ReadAll(() => Read(root.AsObject(), environment, scope));
    }

    static Settings Read(ConfigurationMember root, EnvironmentVariables environment, SettingsScope scope)
    {
        // For editors, which find the schema by it.
        root.Find("$schema")?.AsText();
        var source = SourceByType.Settings(root.Get("source").AsObject(), environment);
        var settings = new Settings(
            root,
            source,
            root.Find("start") is { } start ? StartFrom(start, source) : new StartingPoint("24h", Ago: TimeSpan.FromHours(24)),
            root.Find("maxRunTime")?.AsTimeLimit() ?? UsualRunTime,
            StateSettings.Read(root.Find("state"), environment),
            EnrichmentSettings.Read(root.Find("enrichment")),
            root.Get("sink") is var sink && scope == SettingsScope.Whole
                ? SinkSettings.Read(sink, environment)
                : new StdoutSinkSettings(),
            root.Find("detection") is { } detection
                ? DetectionSettings.Read(detection, source.ListsGroupMembers ? GroupMembers.Listed : GroupMembers.Unknown)
                : DetectionSettings.Default,
            root.Find("silence") is { } silence ? SilenceSettings.Read(silence) : SilenceSettings.Default)
        {
            MetricsFile = SingleMember(root.Find("metrics"), "file")?.AsPath(),
            Proxy = new EnvironmentProxy(environment),
            Heartbeat = SingleMember(root.Find("heartbeat"), "url") is { } url ? ServerAddress.Read(url, environment) : null,
        };
        root.RefuseOthers();
        return settings is { Sink.LeftBehind.Length: > 0, Detection.IsDelivered: false }
            ? throw WantingFindings(sink).Wrong("leaves nothing to deliver: detection.deliver is \"off\"")
            : settings;
    }

    static StartingPoint StartFrom(ConfigurationMember place, SourceSettings source)
    {
        var start = StartingPoint.Read(place);
        source.RefuseStart(start, place);
        return start;
    }

    // The sink itself, or else a route of it.
    static ConfigurationMember WantingFindings(ConfigurationMember sink) =>
        (sink.Find("only") ?? sink.Get("routes").Members.Values.Select(route => route.Find("only")).First(only => only is not null))!;

    // Of an object that knows a single member.
    static ConfigurationMember? SingleMember(ConfigurationMember? place, string name)
    {
        var member = place?.Find(name);
        place?.RefuseOthers();
        return member;
    }
}

/// <summary>How much of a configuration a command goes by.</summary>
internal enum SettingsScope
{
    Whole,

    /// <summary>Of a command that delivers nothing and does not ask whether the sink is right: that is not looked at.</summary>
    WithoutSink,
}
