using System.Net;
using System.Text;
using OpCollector.Configuration;

namespace OpCollector.Http.OAuth2;

/// <summary>The program is a client that the token endpoint knows, and proves it by its secret (RFC 6749, section 4.4).</summary>
/// <param name="Scope">What the token shall be good for; null where the endpoint decides.</param>
/// <param name="Audience">Whom the token is for, where the endpoint asks for that.</param>
/// <param name="IsBasic">Whether id and secret go into the header of HTTP Basic, and not into the form.</param>
internal sealed record ClientCredentials(
    ServerAddress TokenUrl, string ClientId, Secret ClientSecret, string? Scope, string? Audience, bool IsBasic) : Grant
{
    public static ClientCredentials Read(ConfigurationMember oauth2, EnvironmentVariables environment)
    {
        var grant = new ClientCredentials(
            ServerAddress.Read(oauth2.Get("tokenUrl"), environment),
            oauth2.Get("clientId").AsText(),
            Secret.Locate(oauth2.Get("clientSecret"), environment),
            oauth2.Find("scope")?.AsText(),
            oauth2.Find("audience")?.AsText(),
            oauth2.Find("style")?.AsOneOf("body", "basic") == "basic");
        oauth2.RefuseOthers();
        return grant;
    }

    public override TokenRequest Request(DateTimeOffset now)
    {
        var (endpoint, secret) = (TokenUrl.Reveal(), ClientSecret.Reveal());
        List<(string Name, string Value)> form = [("grant_type", "client_credentials")];
        if (Scope is not null)
        {
            form.Add(("scope", Scope));
        }

        if (Audience is not null)
        {
            form.Add(("audience", Audience));
        }

        return IsBasic
            ? new TokenRequest(endpoint, form, [("Authorization", $"Basic {Basic(secret)}")])
            : new TokenRequest(endpoint, [.. form, ("client_id", ClientId), ("client_secret", secret)], []);
    }

    // Both are encoded as in a form first: a colon or a percent sign in them would mean something else.
    string Basic(string secret)
    {
        var pair = $"{WebUtility.UrlEncode(ClientId)}:{WebUtility.UrlEncode(secret)}";
        var credentials = Convert.ToBase64String(Encoding.ASCII.GetBytes(pair));
        Redaction.Remember(credentials);
        return credentials;
    }
}
