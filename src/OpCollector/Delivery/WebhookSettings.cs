using System.Net;
using OpCollector.Configuration;
using OpCollector.Http;

namespace OpCollector.Delivery;

/// <summary>A webhook to POST to: in which format, with what it wants to see in the headers, over which way; secrets are still only places.</summary>
/// <param name="Success">The statuses that count; null for the format's own.</param>
/// <param name="Proxy">Null where the environment decides.</param>
internal sealed record WebhookSettings(
    Func<Uri> Url,
    FormatSettings Format,
    AuthSettings? Auth,
    IReadOnlyList<(string Name, Func<string> Value)> Headers,
    LimitSettings Limits,
    IReadOnlyList<int>? Success,
    TimeSpan Timeout,
    bool Gzip,
    TlsSettings? Tls,
    Func<IWebProxy>? Proxy)
{
    /// <summary>The hosts that no proxy of the environment is asked for.</summary>
    public NoProxy NoProxy { get; init; } = NoProxy.None;

    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);
    static readonly string[] Ours = ["Allow", "Connection", "Expires", "Idempotency-Key", "Last-Modified", "Transfer-Encoding"];

    public static WebhookSettings From(ConfigurationMember sink, Func<string, string?> environment)
    {
        var allowHttp = sink.Find("allowInsecureHttp")?.AsBoolean() ?? false;
        var (url, format) = (sink.Get("url"), FormatSettings.From(sink));
        var settings = new WebhookSettings(
            FormatAddress.Of(format, url, ServerAddress.From(url, environment, unless: "sink.allowInsecureHttp", allowHttp)),
            format,
            sink.Find("auth") is { } auth ? AuthSettings.From(auth, environment) : null,
            sink.Find("headers") is { } headers ? HeadersFrom(headers, environment) : [],
            sink.Find("limits") is { } limits ? LimitSettings.From(limits) : new LimitSettings(),
            sink.Find("success")?.AsList().ConvertAll(Status),
            sink.Find("timeout")?.AsTimeLimit() ?? UsualTimeout,
            sink.Find("gzip")?.AsBoolean() ?? false,
            sink.Find("tls") is { } tls ? TlsSettings.From(tls) : null,
            sink.Find("proxy") is { } proxy ? ProxyAddress.From(proxy, environment) : null)
        {
            NoProxy = NoProxy.In(environment),
        };
        if (settings.Headers.Select(header => header.Name).FirstOrDefault(name => name.Equals(settings.Auth?.HeaderName, StringComparison.OrdinalIgnoreCase)) is { } twice)
        {
            throw sink.Get("headers").Get(twice).Wrong("is set a second time: sink.auth makes it");
        }

        return settings is { Gzip: true, Auth.Signs: true }
            ? throw sink.Get("gzip").Wrong("does not go with a signature: receivers differ in whether they verify the body before or after unpacking it")
            : settings;
    }

    static List<(string Name, Func<string> Value)> HeadersFrom(ConfigurationMember headers, Func<string, string?> environment)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. headers.AsObject().Members.Select(header => names.Add(header.Key)
            ? (HeaderName(header.Key, header.Value), HeaderValue(header.Value, environment))
            : throw header.Value.Wrong("is set a second time: names of headers do not differ by case"))];
    }

    internal static string HeaderName(string name, ConfigurationMember place)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal)))
        {
            throw place.Wrong($"\"{name}\" is no name of an HTTP header");
        }

        return name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) || Ours.Contains(name, StringComparer.OrdinalIgnoreCase)
            ? throw place.Wrong($"\"{name}\" is made by the request itself and cannot be set")
            : name;
    }

    internal static Func<string> HeaderValue(ConfigurationMember value, Func<string, string?> environment)
    {
        if (value.IsText)
        {
            var text = HeaderText(value);
            return () => text;
        }

        var secret = Secret.From(value, environment);
        return () => Checked(secret.Reveal(), value);
    }

    internal static string HeaderText(ConfigurationMember value) => Checked(value.AsText(), value);

    static string Checked(string value, ConfigurationMember place) =>
        value.All(c => c is >= ' ' and <= '~') ? value : throw place.Wrong("holds a line break, another control character or a letter beyond ASCII, which no HTTP header can carry");

    static int Status(ConfigurationMember status) =>
        status.AsCount() is >= 200 and < 300 and var number ? number : throw status.Wrong("no status outside 200 to 299 says that a receiver has something");
}
