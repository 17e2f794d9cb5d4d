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
}
