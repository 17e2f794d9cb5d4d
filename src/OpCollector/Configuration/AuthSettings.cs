using System.Text;

namespace OpCollector.Configuration;

/// <summary>How requests prove who sends them: one header, whose value is made from secrets when it is needed.</summary>
internal sealed record AuthSettings(string Header, Func<string> Value)
{
    public static AuthSettings From(ConfigurationMember auth, Func<string, string?> environment)
    {
        var settings = auth.AsObject() switch
        {
            _ when auth.Find("bearer") is { } bearer => Bearer(WebhookSettings.HeaderValue(SecretOnly(bearer), environment)),
            _ when auth.Find("basic") is { } basic => Basic(basic, environment),
            _ when auth.Find("header") is { } header => Named(header, environment),
            _ => throw auth.Wrong("must be one of {\"bearer\": …}, {\"basic\": …}, {\"header\": …}"),
        };
        auth.RefuseOthers();
        return settings;
    }

    static AuthSettings Bearer(Func<string> token) => new("Authorization", () => $"Bearer {token()}");

    static AuthSettings Basic(ConfigurationMember basic, Func<string, string?> environment)
    {
        var user = basic.Get("user").AsText();
        if (user.Contains(':', StringComparison.Ordinal))
        {
            throw basic.Get("user").Wrong("cannot hold a colon: it ends the user name in HTTP Basic");
        }

        var password = Secret.From(basic.Get("password"), environment);
        basic.RefuseOthers();
        return new AuthSettings("Authorization", () =>
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password.Reveal()}"));
            Redaction.Remember(credentials);
            return $"Basic {credentials}";
        });
    }

    static AuthSettings Named(ConfigurationMember header, Func<string, string?> environment)
    {
        var settings = new AuthSettings(
            WebhookSettings.HeaderName(header.Get("name").AsText(), header.Get("name")),
            WebhookSettings.HeaderValue(SecretOnly(header.Get("value")), environment));
        header.RefuseOthers();
        return settings;
    }

    // What proves who we are is never a plain string, unlike an ordinary header.
    static ConfigurationMember SecretOnly(ConfigurationMember value) =>
        value.IsText
            ? throw value.Wrong("a secret does not stand in the configuration: write {\"env\": \"NAME\"}, {\"file\": \"path\"} or {\"credential\": \"name\"}")
            : value;
}
