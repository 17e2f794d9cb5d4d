using OpCollector.Configuration;

namespace OpCollector.Http.OAuth2;

/// <summary>The grant that a configuration describes (<c>auth.oauth2</c>): its members tell which one it is.</summary>
internal static class GrantByKind
{
    public static Grant Read(ConfigurationMember oauth2, EnvironmentVariables environment) =>
        oauth2.AsObject().Find("googleServiceAccount") is not null
            ? ServiceAccount.Read(oauth2, environment)
            : ClientCredentials.Read(oauth2, environment);
}
