using OpCollector.Configuration;

namespace OpCollector.Delivery.Webhook;

/// <summary>A signature over the body of each request, in a header of the receiver's choice.</summary>
internal sealed record HmacSettings(string Header, string Prefix, SignatureEncoding Encoding, Secret Secret)
{
    public static HmacSettings Read(ConfigurationMember hmac, EnvironmentVariables environment)
    {
        var settings = new HmacSettings(
            HeaderSetting.Name(hmac.Get("header").AsText(), hmac.Get("header")),
            hmac.Find("prefix") is { } prefix ? HeaderSetting.Text(prefix) : "",
            hmac.Find("encoding")?.AsOneOf("hex", "base64") == "base64" ? SignatureEncoding.Base64 : SignatureEncoding.Hex,
            Secret.Locate(hmac.Get("secret"), environment));
        hmac.RefuseOthers();
        return settings;
    }
}
