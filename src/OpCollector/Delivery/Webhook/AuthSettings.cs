using OpCollector.Configuration;
using OpCollector.Http.OAuth2;

namespace OpCollector.Delivery.Webhook;

/// <summary>
/// How requests prove who sends them: by a header, by a signature over each request, or by a token that has to be asked for.
/// </summary>
internal abstract record AuthSettings
{
    static readonly string[] Methods = ["bearer", "basic", "header", "hmac", "standardWebhooks", "oauth2"];

    /// <summary>The word of the configuration for it.</summary>
    public abstract string Kind { get; }

    /// <summary>The header that it makes, where the configuration has a say in its name; null where it has none.</summary>
    public virtual string? HeaderName => null;

    /// <summary>Whether the receiver computes something over the body, and must see the bytes that were signed.</summary>
    public virtual bool Signs => false;

    /// <summary>What signs single requests.</summary>
    /// <exception cref="Failure">A secret it needs is missing or malformed (78).</exception>
    public virtual Signer CreateSigner() => new NoSigner();

    public static AuthSettings Read(ConfigurationMember auth, EnvironmentVariables environment)
    {
        if (Methods.Where(auth.AsObject().Members.ContainsKey).ToArray() is { Length: > 1 } several)
        {
            throw auth.Wrong($"has {several.Length} methods ({string.Join(", ", several)}); keep one");
        }

        AuthSettings settings = auth.AsObject() switch
        {
            _ when auth.Find("bearer") is { } bearer => Bearer(bearer, environment),
            _ when auth.Find("basic") is { } basic => Basic(basic, environment),
            _ when auth.Find("header") is { } header => Named(header, environment),
            _ when auth.Find("hmac") is { } hmac => Hmac(hmac.AsObject(), environment),
            _ when auth.Find("standardWebhooks") is { } secrets => new StandardWebhooksAuth(
                [.. (secrets.IsList ? secrets.AsList() : [secrets]).Select(secret => Secret.Locate(secret, environment))]),
            _ when auth.Find("oauth2") is { } oauth2 => new OAuth2Auth(GrantByKind.Read(oauth2, environment)),
            _ => throw auth.Wrong($"must be one of {string.Join(", ", Methods.Select(method => $"{{\"{method}\": …}}"))}"),
        };
        auth.RefuseOthers();
        return settings;
    }

    static HeaderAuth Bearer(ConfigurationMember bearer, EnvironmentVariables environment) =>
        new("bearer", "Authorization", new BearerHeader(bearer, HeaderValue.Read(SecretOnly(bearer), environment)));

    static HeaderAuth Basic(ConfigurationMember basic, EnvironmentVariables environment)
    {
        var user = basic.Get("user").AsText();
        if (user.Contains(':', StringComparison.Ordinal))
        {
            throw basic.Get("user").Wrong("cannot hold a colon: it ends the user name in HTTP Basic");
        }

        var password = Secret.Locate(basic.Get("password"), environment);
        basic.RefuseOthers();
        return new HeaderAuth("basic", "Authorization", new BasicHeader(user, password));
    }

    static HeaderAuth Named(ConfigurationMember header, EnvironmentVariables environment)
    {
        var name = HeaderSetting.Name(header.Get("name").AsText(), header.Get("name"));
        var value = HeaderValue.Read(SecretOnly(header.Get("value")), environment);
        var prefix = header.Find("prefix") is { } text ? HeaderSetting.ReadText(text) : "";
        header.RefuseOthers();
        return new HeaderAuth("header", name, new PrefixedHeader(header.Get("value"), prefix, value));
    }

    static HmacAuth Hmac(ConfigurationMember hmac, EnvironmentVariables environment)
    {
        var settings = new HmacAuth(
            HeaderSetting.Name(hmac.Get("header").AsText(), hmac.Get("header")),
            hmac.Find("prefix") is { } prefix ? HeaderSetting.ReadText(prefix) : "",
            hmac.Find("encoding")?.AsOneOf("hex", "base64") == "base64" ? SignatureEncoding.Base64 : SignatureEncoding.Hex,
            Secret.Locate(hmac.Get("secret"), environment));
        hmac.RefuseOthers();
        return settings;
    }

    // What proves who we are is never a plain string, unlike an ordinary header.
    static ConfigurationMember SecretOnly(ConfigurationMember value) =>
        value.IsText
            ? throw value.Wrong("a secret is never written into the configuration: "
                + "write {\"env\": \"NAME\"}, {\"file\": \"path\"} or {\"credential\": \"name\"}")
            : value;
}

/// <summary>A header that is the same in each request.</summary>
/// <param name="Method">The word of the configuration for it: bearer, basic or header.</param>
internal sealed record HeaderAuth(string Method, string Name, HeaderValue Value) : AuthSettings
{
    public override string Kind => Method;

    public override string HeaderName => Name;
}

/// <summary>A signature over the body of each request, in a header of the receiver's choice.</summary>
internal sealed record HmacAuth(string Header, string Prefix, SignatureEncoding Encoding, Secret Secret) : AuthSettings
{
    public override string Kind => "hmac";

    public override string HeaderName => Header;

    public override bool Signs => true;

    public override Signer CreateSigner() =>
        new HmacSigner(Header, Prefix, Encoding, System.Text.Encoding.UTF8.GetBytes(Secret.Reveal()));
}

/// <summary>A signature over each request as Standard Webhooks says.</summary>
/// <param name="Secrets">More than one while they are being changed.</param>
internal sealed record StandardWebhooksAuth(IReadOnlyList<Secret> Secrets) : AuthSettings
{
    public override string Kind => "standardWebhooks";

    public override bool Signs => true;

    public override Signer CreateSigner() => new StandardWebhooksSigner([.. Secrets.Select(
        secret => Signature.StandardWebhooksKey(secret.Reveal())
            ?? throw secret.Place.Wrong("is not a secret of Standard Webhooks, which is whsec_ and then base64"))]);
}

/// <summary>A token that is asked for.</summary>
/// <param name="Grant">What the token is given for.</param>
internal sealed record OAuth2Auth(Grant Grant) : AuthSettings
{
    public override string Kind => "oauth2";

    public override string HeaderName => "Authorization";
}
