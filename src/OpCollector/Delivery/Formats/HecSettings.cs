using OpCollector.Configuration;

namespace OpCollector.Delivery.Formats;

/// <summary>What Splunk gets beside every event (<c>sink.splunk-hec</c>), and whether it has to acknowledge an event.</summary>
internal sealed record HecSettings(string? Host, string? Source, string? Sourcetype, string? Index, bool AcknowledgementRequired)
{
    public static readonly HecSettings Usual = new(null, null, null, null, AcknowledgementRequired: false);

    public static HecSettings Read(ConfigurationMember hec)
    {
        var settings = new HecSettings(
            hec.Find("host")?.AsText(),
            hec.Find("source")?.AsText(),
            hec.Find("sourcetype")?.AsText(),
            hec.Find("index")?.AsText(),
            hec.Find("acknowledgement")?.AsOneOf("required", "off") == "required");
        hec.RefuseOthers();
        return settings;
    }
}
