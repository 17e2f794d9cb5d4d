using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using OpCollector.Configuration;
using OpCollector.Events.Json;

namespace OpCollector.Http.OAuth2;

/// <summary>The program is a service account of Google, and proves it by a statement that it signs with its key (RFC 7523).</summary>
internal sealed record ServiceAccount(Secret Key, string Scope) : Grant
{
    // The longest that Google takes.
    static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public static ServiceAccount Read(ConfigurationMember oauth2, EnvironmentVariables environment)
    {
        var grant = new ServiceAccount(Secret.Locate(oauth2.Get("googleServiceAccount"), environment), oauth2.Get("scope").AsText());
        oauth2.RefuseOthers();
        return grant;
    }

    public override TokenRequest Request(DateTimeOffset now)
    {
        using var json = SafeJson.TryParse(Encoding.UTF8.GetBytes(Key.Reveal()))
            ?? throw Key.Place.Wrong($"{Key.Origin} is not JSON; it must hold the key of a service account as Google gives it");
        var file = json.RootElement;
        if (file.Text("type"u8) is { } type and not "service_account")
        {
            throw Key.Place.Wrong($"{Key.Origin} is of the type \"{ForeignText.Clean(type)}\", and only the key of a service account serves");
        }

        var (key, account) = (Member("private_key", file.Text("private_key"u8)), Member("client_email", file.Text("client_email"u8)));
        var endpoint = ServerAddress.Within(Key.Place, Member("token_uri", file.Text("token_uri"u8)));
        Redaction.Remember(key);
        var statement = Signed(
            key,
            $$"""{"alg":"RS256","typ":"JWT"{{(file.Text("private_key_id"u8) is { } id ? $",\"kid\":{JsonText.Quoted(id)}" : "")}}}""",
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"iss":{{JsonText.Quoted(account)}},"scope":{{JsonText.Quoted(Scope)}},"aud":{{JsonText.Quoted(endpoint.OriginalString)}},"iat":{{now.ToUnixTimeSeconds()}},"exp":{{now.Plus(Life).ToUnixTimeSeconds()}}}"""));
        Redaction.Remember(statement);
        return new TokenRequest(endpoint, [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", statement)], []);
    }

    string Member(string name, string? value) => value is { Length: > 0 }
        ? value
        : throw Key.Place.Wrong($"{Key.Origin} has no \"{name}\"; it must hold the key of a service account as Google gives it");

    string Signed(string key, string head, string claims)
    {
        var signed = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(head))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(key);
            var signature = rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            return $"{signed}.{Base64Url.EncodeToString(signature)}";
        }
        catch (Exception ex) when (ex is CryptographicException or ArgumentException)
        {
            throw Key.Place.Wrong($"the \"private_key\" in {Key.Origin} is not an RSA key in PEM");
        }
    }
}
