using OpCollector.Configuration;
using OpCollector.Delivery.Formats;
using OpCollector.Http;
using OpCollector.Http.OAuth2;

namespace OpCollector.Delivery.Webhook;

/// <summary>A webhook to POST to: its format, the headers, the way there. Of secrets it knows only the places.</summary>
internal sealed record WebhookSettings(
    ServerAddress Url,
    FormatSettings Format,
    AuthSettings? Auth,
    IReadOnlyList<(string Name, HeaderValue Value)> Headers,
    LimitSettings Limits,
    SuccessStatuses Success,
    TimeSpan Timeout,
    ContentCoding Coding,
    TlsSettings? Tls,
    ProxyAddress Proxy)
{
    /// <summary>The route whose receiver it is.</summary>
    public string Route { get; init; } = Delivery.Route.Usual;

    // An answer may have a part for every event. A longer one is read to its end, but only this much of it is kept.
    const int MostKept = 8 * 1024 * 1024;

    // Of an answer with a token, which has to fit into a header.
    const int MostKeptOfToken = 64 * 1024;

    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    public static WebhookSettings Read(ConfigurationMember sink, EnvironmentVariables environment)
    {
        var http = new PlainHttp("sink.allowInsecureHttp", sink.Find("allowInsecureHttp")?.AsBoolean() ?? false);
        var (url, format) = (sink.Get("url"), FormatSettings.Read(sink));
        var settings = new WebhookSettings(
            new FormatAddress(format, url, ServerAddress.Read(url, environment, http)).Checked(),
            format,
            sink.Find("auth") is { } auth ? AuthSettings.Read(auth, environment) : null,
            sink.Find("headers") is { } headers ? HeadersFrom(headers, environment) : [],
            sink.Find("limits") is { } limits ? LimitSettings.Read(limits) : new LimitSettings(),
            sink.Find("success") is { } success ? SuccessStatuses.Read(success) : new SuccessStatuses(),
            sink.Find("timeout")?.AsTimeLimit() ?? UsualTimeout,
            sink.Find("gzip")?.AsBoolean() == true ? ContentCoding.Gzip : ContentCoding.Identity,
            sink.Find("tls") is { } tls ? TlsSettings.Read(tls) : null,
            ConfiguredProxy.Read(sink.Find("proxy"), environment));
        var ours = settings.Auth?.HeaderName;
        if (settings.Headers.Select(header => header.Name).FirstOrDefault(name => IsSame(name, ours)) is { } twice)
        {
            throw sink.Get("headers").Get(twice).Wrong("is set a second time: sink.auth makes it");
        }

        return settings is { Coding: ContentCoding.Gzip, Auth.Signs: true }
            ? throw sink.Get("gzip").Wrong(
                "does not go with a signature: receivers differ in whether they verify the body before or after unpacking it")
            : settings;
    }

    /// <summary>The format as the configuration changes it.</summary>
    public Format MakeFormat(TimeProvider time) => FormatByName.Create(Format, Limits, Success, time);

    /// <summary>The way to the receiver.</summary>
    /// <exception cref="Failure">A secret, a certificate or a key it needs is not there (78).</exception>
    public WebhookConnection Connect(TimeProvider time)
    {
        var http = CreateConnection(Url.Reveal(), MostKept, time);
        foreach (var (name, value) in Headers)
        {
            http.AddHeader(name, value.Reveal());
        }

        if (Auth is HeaderAuth header)
        {
            http.AddHeader(header.Name, header.Value.Reveal());
        }

        return new WebhookConnection(http, Coding, Auth is OAuth2Auth oauth2 ? Tokens(oauth2.Grant, time) : null);
    }

    // The token endpoint does not get the headers that are for the receiver. What is missing is reported before the first event is sent.
    AccessTokens Tokens(Grant grant, TimeProvider time) =>
        new(grant, CreateConnection(grant.Request(time.GetUtcNow()).Endpoint, MostKeptOfToken, time), time);

    HttpConnection CreateConnection(Uri server, int mostKept, TimeProvider time) => new(Timeout, mostKept, time, Proxy.For(server), Tls);

    static bool IsSame(string name, string? other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    static List<(string Name, HeaderValue Value)> HeadersFrom(ConfigurationMember headers, EnvironmentVariables environment)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. headers.AsObject().Members.Select(header => names.Add(header.Key)
            ? (HeaderSetting.Name(header.Key, header.Value), HeaderValue.Read(header.Value, environment))
            : throw header.Value.Wrong("is set a second time: names of headers do not differ by case"))];
    }
}
