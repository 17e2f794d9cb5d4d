using System.Text;
using OpCollector.Configuration;
using OpCollector.Http.OAuth2;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Delivery.Webhook;

/// <summary>
/// How requests prove who sends them: by a header whose value is made from secrets when it is needed, or by a signature over
/// each request, or by a token that has to be asked for. Exactly one of the four shapes is filled.
/// </summary>
/// <param name="Kind">The word of the configuration for it.</param>
/// <param name="StandardWebhooks">The secrets to sign with: more than one while they are being changed.</param>
/// <param name="OAuth2">What a token is given for.</param>
internal sealed record AuthSettings(
    string Kind,
    (string Name, Func<string> Value)? Header = null,
    HmacSettings? Hmac = null,
    IReadOnlyList<Secret>? StandardWebhooks = null,
    Grant? OAuth2 = null)
{
    static readonly string[] Methods = ["bearer", "basic", "header", "hmac", "standardWebhooks", "oauth2"];

    /// <summary>Whether the receiver computes something over the body, and must see the bytes that were signed.</summary>
    public bool Signs => Hmac is not null || StandardWebhooks is not null;

    /// <summary>The header that it makes, where the configuration has a say in its name.</summary>
    public string? HeaderName => Header?.Name ?? Hmac?.Header ?? (OAuth2 is null ? null : "Authorization");

    public static AuthSettings Read(ConfigurationMember auth, EnvironmentVariables environment)
    {
        if (Methods.Where(auth.AsObject().Members.ContainsKey).ToArray() is { Length: > 1 } several)
        {
            throw auth.Wrong($"has {several.Length} methods ({string.Join(", ", several)}); keep one");
        }

        var settings = auth.AsObject() switch
        {
            _ when auth.Find("bearer") is { } bearer => Bearer(bearer, environment),
            _ when auth.Find("basic") is { } basic => Basic(basic, environment),
            _ when auth.Find("header") is { } header => Named(header, environment),
            _ when auth.Find("hmac") is { } hmac => new AuthSettings("hmac", Hmac: HmacSettings.Read(hmac.AsObject(), environment)),
            _ when auth.Find("standardWebhooks") is { } secrets => new AuthSettings(
                "standardWebhooks",
                StandardWebhooks:
                [
                    .. (secrets.IsList ? secrets.AsList() : [secrets]).Select(secret => Secret.Locate(secret, environment)),
                ]),
            _ when auth.Find("oauth2") is { } oauth2 => new AuthSettings("oauth2", OAuth2: GrantByKind.Read(oauth2, environment)),
            _ => throw auth.Wrong($"must be one of {string.Join(", ", Methods.Select(method => $"{{\"{method}\": …}}"))}"),
        };
        auth.RefuseOthers();
        return settings;
    }

    static AuthSettings Bearer(ConfigurationMember bearer, EnvironmentVariables environment)
    {
        var token = HeaderSetting.Value(SecretOnly(bearer), environment);
        return new AuthSettings("bearer", ("Authorization", () => $"Bearer {OneWord(token(), bearer)}"));
    }

    static string OneWord(string token, ConfigurationMember place) => CopiedToken.Slip(token) is { } slip ? throw place.Wrong(slip) : token;

    static AuthSettings Basic(ConfigurationMember basic, EnvironmentVariables environment)
    {
        var user = basic.Get("user").AsText();
        if (user.Contains(':', StringComparison.Ordinal))
        {
            throw basic.Get("user").Wrong("cannot hold a colon: it ends the user name in HTTP Basic");
        }

        var password = Secret.Locate(basic.Get("password"), environment);
        basic.RefuseOthers();
        return new AuthSettings("basic", ("Authorization", Credentials));

        string Credentials()
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password.Reveal()}"));
            Redaction.Remember(credentials);
            return $"Basic {credentials}";
        }
    }

    static AuthSettings Named(ConfigurationMember header, EnvironmentVariables environment)
    {
        var name = HeaderSetting.Name(header.Get("name").AsText(), header.Get("name"));
        var value = HeaderSetting.Value(SecretOnly(header.Get("value")), environment);
        var prefix = header.Find("prefix") is { } text ? HeaderSetting.Text(text) : "";
        header.RefuseOthers();
        return new AuthSettings("header", (name, () => prefix + Unprefixed(value(), prefix, header)));
    }

    static string Unprefixed(string value, string prefix, ConfigurationMember header) =>
        prefix.Trim().Length > 0 && value.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            ? throw header.Get("value").Wrong("begins with the prefix, which is put before it anyway; leave that out of one of them")
            : value;

    // What proves who we are is never a plain string, unlike an ordinary header.
    static ConfigurationMember SecretOnly(ConfigurationMember value) =>
        value.IsText
            ? throw value.Wrong("a secret is never written into the configuration: "
                + "write {\"env\": \"NAME\"}, {\"file\": \"path\"} or {\"credential\": \"name\"}")
            : value;
}
