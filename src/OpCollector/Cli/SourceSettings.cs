using OpCollector.Configuration;
using OpCollector.Sources;
using OpCollector.Sources.EventsApi;
using OpCollector.Sources.Op;

namespace OpCollector.Cli;

/// <summary>Where events come from: <c>source</c>. Exactly one of the two is filled.</summary>
internal sealed record SourceSettings(OpSettings? Op = null, EventsApiSettings? EventsApi = null)
{
    public static SourceSettings From(ConfigurationMember source, Func<string, string?> environment)
    {
        var settings = source.Get("type").AsOneOf("op", "events-api") == "op"
            ? new SourceSettings(Op: OpSettings.From(source.Get("op"), environment))
            : new SourceSettings(EventsApi: EventsApiSettings.From(source.Get("eventsApi"), environment));
        source.RefuseOthers();
        return settings;
    }

    /// <summary>A position of one source means nothing to the other.</summary>
    public Start Checked(Start start, ConfigurationMember? place) =>
        EventsApi is not null && start.Eid is not null
            ? throw place!.Wrong(
                "an event id is a position of the op source; for events-api write \"latest\", \"oldest\" or a duration such as \"24h\"")
            : start;
}
