using OpCollector.Configuration;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;

namespace OpCollector.Cli.Hosting;

/// <summary>The source that <c>source.type</c> names, and how it is configured.</summary>
internal static class SourceByType
{
    public static SourceSettings Settings(ConfigurationMember source, EnvironmentVariables environment)
    {
        SourceSettings settings = source.Get("type").AsOneOf("op", "events-api") == "op"
            ? OpSettings.Read(source.Get("op"), environment)
            : EventsApiSettings.Read(source.Get("eventsApi"), environment);
        source.RefuseOthers();
        return settings;
    }

    /// <summary>A position of one source means nothing to the other.</summary>
    public static StartingPoint Checked(SourceSettings source, StartingPoint start, ConfigurationMember? place) =>
        source is EventsApiSettings && start.Eid is not null
            ? throw place!.Wrong(
                "an event id is a position of the op source; for events-api write \"latest\", \"oldest\" or a duration such as \"24h\"")
            : start;
}
