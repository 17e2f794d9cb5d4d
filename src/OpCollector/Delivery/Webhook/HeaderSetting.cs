using OpCollector.Configuration;

namespace OpCollector.Delivery.Webhook;

/// <summary>Checks the name and the text of a header that a configuration sets.</summary>
internal static class HeaderSetting
{
    // What HTTP and the request itself make.
    static readonly string[] Ours = ["Allow", "Connection", "Expires", "Idempotency-Key", "Last-Modified", "Transfer-Encoding"];

    public static string Name(string name, ConfigurationMember place)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            throw place.Wrong($"\"{name}\" is not the name of an HTTP header");
        }

        return name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || Ours.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? throw place.Wrong($"\"{name}\" is made by the request itself and cannot be set")
            : name;
    }

    public static string ReadText(ConfigurationMember value) => Checked(value.AsText(), value);

    public static string Checked(string value, ConfigurationMember place) => value.All(c => c is >= ' ' and <= '~')
        ? value
        : throw place.Wrong("holds a line break, another control character or a letter beyond ASCII, which no HTTP header can carry");
}
