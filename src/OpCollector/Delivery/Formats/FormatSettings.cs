using System.Text;
using OpCollector.Configuration;

namespace OpCollector.Delivery.Formats;

/// <summary>The receiver's format (<c>sink.format</c>) and the members that a format has of its own, under its name.</summary>
/// <param name="Open">What is before the events of a JSON request; null for the format's own.</param>
/// <param name="Close">What is after them.</param>
/// <param name="IdPrefix">What makes the ids of two accounts differ in one index.</param>
internal sealed record FormatSettings(string Name, HecSettings Hec, string? Open = null, string? Close = null, string IdPrefix = "")
{
    public const string Json = "json";
    public const string Ndjson = "ndjson";
    public const string Single = "single";
    public const string SplunkHec = "splunk-hec";
    public const string Elasticsearch = "elasticsearch";
    public const string OpenSearch = "opensearch";

    public static FormatSettings Read(ConfigurationMember sink)
    {
        var name = sink.Find("format")?.AsOneOf(Json, Ndjson, Single, SplunkHec, Elasticsearch, OpenSearch) ?? Json;
        return name switch
        {
            SplunkHec => new FormatSettings(name, sink.Find(name) is { } hec ? HecSettings.Read(hec) : HecSettings.Usual),
            Json when sink.Find(name) is { } json => Wrapped(json),
            Elasticsearch or OpenSearch when sink.Find(name) is { } bulk => Prefixed(name, bulk),
            _ => new FormatSettings(name, HecSettings.Usual),
        };
    }

    static FormatSettings Wrapped(ConfigurationMember json)
    {
        var settings = new FormatSettings(Json, HecSettings.Usual, json.Get("open").AsText(), json.Get("close").AsText());
        json.RefuseOthers();
        using var around = SafeJson.TryParse(Encoding.UTF8.GetBytes($"{settings.Open}0{settings.Close}"));
        return around is not null ? settings : throw json.Wrong("open and close do not make JSON around an event; close what open opens");
    }

    static FormatSettings Prefixed(string name, ConfigurationMember bulk)
    {
        var settings = new FormatSettings(name, HecSettings.Usual, IdPrefix: bulk.Find("idPrefix")?.AsText() ?? "");
        bulk.RefuseOthers();
        return settings;
    }
}
