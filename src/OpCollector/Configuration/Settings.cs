namespace OpCollector.Configuration;

/// <summary>What the configuration file says, checked and typed; secrets are still only places.</summary>
internal sealed record Settings(
    string File,
    OpSettings Op,
    Start Start,
    TimeSpan MaxRunTime,
    string? StateDirectory,
    EnrichmentSettings Enrichment,
    SinkSettings Sink,
    DetectionSettings Detection,
    SilenceSettings Silence)
{
    static readonly TimeSpan UsualRunTime = TimeSpan.FromMinutes(4);

    public static Settings Load(string? option, Func<string, string?> environment)
    {
        var root = ConfigurationFile.Read(ConfigurationFile.Find(option, environment)).AsObject();
        var source = root.Get("source").AsObject();
        source.Get("type").AsOneOf("op");
        var settings = new Settings(
            root.File,
            OpSettings.From(source.Get("op"), environment),
            root.Find("start") is { } start ? Start.From(start) : new Start("24h", Ago: TimeSpan.FromHours(24)),
            root.Find("maxRunTime")?.AsTimeLimit() ?? UsualRunTime,
            StateDirectoryFrom(root.Find("state")),
            EnrichmentSettings.From(root.Find("enrichment")),
            SinkSettings.From(root.Get("sink"), environment),
            root.Find("detection") is { } detection ? DetectionSettings.From(detection) : DetectionSettings.Usual,
            root.Find("silence") is { } silence ? SilenceSettings.From(silence) : SilenceSettings.Usual);
        source.RefuseOthers();
        root.RefuseOthers();
        return settings;
    }

    static string? StateDirectoryFrom(ConfigurationMember? state)
    {
        var directory = state?.Find("directory")?.AsPath();
        state?.RefuseOthers();
        return directory;
    }
}
