using System.Buffers.Text;
using System.Text;
using System.Text.Json.Nodes;

namespace EventsApiEmulator;

/// <summary>A token as 1Password issues it: a JWT whose audience is the host that it is for.</summary>
internal sealed record ApiToken(string Text, IReadOnlyList<string> Features)
{
    public static readonly string[] All = ["auditevents", "itemusages", "signinattempts"];

    public static ApiToken For(string audience, IReadOnlyList<string>? features = null, DateTimeOffset? expires = null)
    {
        var claims = new JsonObject
        {
            ["1password.com/auuid"] = "GWA7RY5LMBGA7DXVSNHV3CDOBA",
            ["1password.com/fts"] = new JsonArray([.. (features ?? All).Select(feature => JsonValue.Create(feature))]),
            ["aud"] = new JsonArray(audience),
            ["iat"] = 1_700_000_000,
        };
        if (expires is { } end)
        {
            claims["exp"] = end.ToUnixTimeSeconds();
        }

        return new ApiToken(
            $"{Part("""{"alg":"ES256","kid":"x","typ":"JWT"}""")}.{Part(claims.ToJsonString())}.{Part("a signature that nobody here can check")}",
            features ?? All);
    }

    static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
