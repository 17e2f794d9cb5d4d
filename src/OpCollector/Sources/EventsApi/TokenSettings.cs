using OpCollector.Configuration;

namespace OpCollector.Sources.EventsApi;

/// <summary>
/// Where the token of the Events API is: a secret like all others, or an item of 1Password itself that <c>op read</c> reads.
/// </summary>
/// <param name="Reference">The <c>op://vault/item/field</c> of the item; null where it is a secret.</param>
internal sealed record TokenSettings(ConfigurationMember Place, Secret? Secret, string? Reference)
{
    public static TokenSettings Read(ConfigurationMember token, EnvironmentVariables environment)
    {
        if (token.IsText || token.Find("op") is not { } reference)
        {
            return new TokenSettings(token, Secret.Locate(token, environment), null);
        }

        token.RefuseOthers();
        // It becomes an argument of op, so nothing that could be read as a flag.
        return reference.AsText().StartsWith("op://", StringComparison.Ordinal)
            ? new TokenSettings(token, null, reference.AsText())
            : throw reference.Wrong("is not a reference to an item: write op://vault/item/field, as the 1Password app copies it");
    }
}
