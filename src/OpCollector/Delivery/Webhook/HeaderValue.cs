using System.Text;
using OpCollector.Configuration;
using OpCollector.Sources.EventsApi;

namespace OpCollector.Delivery.Webhook;

/// <summary>The value of a header, which is made when it is needed.</summary>
internal abstract record HeaderValue
{
    /// <summary>The value itself, which may be a secret: never log, print or keep it.</summary>
    /// <exception cref="Failure">A secret it needs is not there, or no header can carry it (78).</exception>
    public abstract string Reveal();

    public static HeaderValue Read(ConfigurationMember value, EnvironmentVariables environment) =>
        value.IsText ? new WrittenHeader(HeaderSetting.ReadText(value)) : new SecretHeader(value, Secret.Locate(value, environment));
}

/// <summary>A value that the configuration says itself.</summary>
internal sealed record WrittenHeader(string Text) : HeaderValue
{
    public override string Reveal() => Text;
}

/// <summary>A value that is a secret.</summary>
internal sealed record SecretHeader(ConfigurationMember Place, Secret Secret) : HeaderValue
{
    public override string Reveal() => HeaderSetting.Checked(Secret.Reveal(), Place);
}

/// <summary>A secret behind a word that says what kind of secret it is.</summary>
internal sealed record PrefixedHeader(ConfigurationMember Place, string Prefix, HeaderValue Value) : HeaderValue
{
    public override string Reveal()
    {
        var value = Value.Reveal();
        return Prefix.Trim().Length > 0 && value.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? throw Place.Wrong("begins with the prefix, which is put before it anyway; leave that out of one of them")
            : Prefix + value;
    }
}

/// <summary>A bearer token.</summary>
internal sealed record BearerHeader(ConfigurationMember Place, HeaderValue Token) : HeaderValue
{
    public override string Reveal()
    {
        var token = Token.Reveal();
        return CopiedToken.Slip(token) is { } slip ? throw Place.Wrong(slip) : $"Bearer {token}";
    }
}

/// <summary>A user's name and password, as HTTP Basic writes them.</summary>
internal sealed record BasicHeader(string User, Secret Password) : HeaderValue
{
    public override string Reveal()
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password.Reveal()}"));
        Redaction.Remember(credentials);
        return $"Basic {credentials}";
    }
}
