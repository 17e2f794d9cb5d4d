using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using OpCollector.Configuration;
using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// The token, and what it says of itself. It is a JWT whose audience is the host that it is for; it is never verified here, the
/// server does that.
/// </summary>
/// <param name="Hosts">The hosts that it is for, as it names them; none where it does not.</param>
/// <param name="Expires">Null where it never does.</param>
internal sealed record EventsApiToken(string Value, IReadOnlyList<string> Hosts, DateTimeOffset? Expires)
{
    // What tokens of before 2021 say, which name no host.
    const string NoHost = "com.1password.streamingservice";

    static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    /// <exception cref="Failure">No HTTP header can carry it (78).</exception>
    public static EventsApiToken Parse(string value, ConfigurationMember place)
    {
        if (CopiedToken.Slip(value) is { } slip)
        {
            throw place.Wrong($"the token {slip}");
        }

        if (value.Length == 0 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            throw place.Wrong("the token holds what no token of the Events API has: it is one word of letters, digits, dots, - and _");
        }

        using var claims = Claims(value);
        return claims?.RootElement is { ValueKind: JsonValueKind.Object } root
            ? new EventsApiToken(value, HostsIn(root), ExpiryIn(root))
            : new EventsApiToken(value, [], null);
    }

    /// <summary>Where it may be sent to.</summary>
    /// <exception cref="Failure">
    /// No host is named, the host does not belong to 1Password, or it is another one than the configuration names (78).
    /// </exception>
    public Uri Url(EventsApiSettings settings) =>
        settings.Url is { } url ? Expected(url, settings.Token.Place)
        : Hosts is not [var host, ..]
        ? throw settings.Token.Place.Wrong(
            "this is not a token of the Events API (a JWT, which begins with eyJ); or, for a valid token that names no host, set " +
                "source.eventsApi.region")
        : EventsApiHost.TryParse(host)
            ?? throw settings.Token.Place.Wrong(
                $"the token is for the host {ForeignText.Clean(host)}, which is not one of 1Password's; it is not sent there. Is it a token " +
                    "of Events Reporting?");

    // What is on the way to 1Password on this very machine may have a name of its own.
    Uri Expected(Uri url, ConfigurationMember place)
    {
        var named = Hosts.Select(EventsApiHost.TryParse).OfType<Uri>().ToArray();
        return url.IsLoopback || named.Length == 0 || named.Any(each => each.IdnHost == url.IdnHost)
            ? url
            : throw place.Wrong(
                $"the token is for {named[0].Authority}, and source.eventsApi names {url.Authority} (region or url): it would be " +
                    "refused there, and is not sent. Leave region and url out, the token says its host itself");
    }

    /// <summary>What there is to say about its end: nothing until two weeks before.</summary>
    public string? ExpiryNotice(DateTimeOffset now) => Expires is not { } end || end - now > Notice ? null
        : end <= now ? $"The token of source.eventsApi expired on {Day(end)}; issue a new one in 1Password under Integrations"
        : $"The token of source.eventsApi expires on {Day(end)}, in {Math.Ceiling((end - now).TotalDays):0} days; issue a new one in "
            + "1Password under Integrations";

    static string Day(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    static JsonDocument? Claims(string token)
    {
        try
        {
            return token.Split('.') is [_, var claims, _] ? SafeJson.TryParse(Base64Url.DecodeFromChars(claims)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static IReadOnlyList<string> HostsIn(JsonElement claims) => claims.Member("aud"u8) is { } audience
        ? [.. (audience.ValueKind == JsonValueKind.Array ? audience.EnumerateArray().Select(SafeJson.Text) : [audience.Text()])
            .OfType<string>()
            .Where(host => host.Length > 0 && host != NoHost)]
        : [];

    static DateTimeOffset? ExpiryIn(JsonElement claims) =>
        claims.Member("exp"u8) is { ValueKind: JsonValueKind.Number } end
            && end.TryGetDouble(out var seconds)
            && seconds is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds((long)seconds)
            : null;
}
