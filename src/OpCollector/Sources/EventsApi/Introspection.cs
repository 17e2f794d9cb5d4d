using System.Text.Json;
using OpCollector.Events;

namespace OpCollector.Sources.EventsApi;

/// <summary>What the API says of a token: whose events it opens (since version 1.4.1), and which streams.</summary>
/// <param name="Features">Null where it does not say.</param>
internal sealed record Introspection(string? Account, IReadOnlyList<string>? Features)
{
    const int LongestName = 64;

    // Some hundred bytes.
    const int Longest = 64 * 1024;

    public static readonly Introspection Nothing = new(null, null);

    /// <summary>Tolerant: what it cannot read is not known.</summary>
    public static Introspection Parse(ReadOnlyMemory<byte> json)
    {
        using var body = json.Length > Longest ? null : SafeJson.TryParse(json);
        return body?.RootElement is not { } root ? Nothing : new Introspection(
            root.Text("account_uuid"u8) is { } uuid && IsName(uuid) ? uuid : null,
            root.Member("features"u8) is { ValueKind: JsonValueKind.Array } features
                ? [.. features.EnumerateArray().Select(each => each.Text()).OfType<string>().Where(IsName)]
                : null);
    }

    /// <summary>Whether the events of this account, or of no known one, may be those that the token opens.</summary>
    /// <param name="source">Whose events were read before.</param>
    public bool IsOf(string source) =>
        Account is null || source == StreamPositions.AnyAccount || source == StreamPositions.AnyAccount + Account;

    /// <exception cref="Failure">The events that were read before are of another account (78).</exception>
    /// <param name="source">Whose events were read before.</param>
    public void RefuseOtherThan(string source)
    {
        if (!IsOf(source))
        {
            throw new Failure(
                ExitCode.Configuration,
                $"The checkpoint belongs to the account {source[StreamPositions.AnyAccount.Length..]}, and the token opens {Account}; "
                    + "give each account its own state.directory");
        }
    }

    /// <exception cref="Failure">The token has no right to this stream (77).</exception>
    public void RefuseWithoutRightTo(EventStream stream)
    {
        if (Features?.Contains(stream.Feature) == false)
        {
            throw new Failure(
                ExitCode.Refused,
                $"the token has no right to {stream.Feature}; issue one that has it, or leave \"{stream.Name}\" out of "
                    + "source.eventsApi.streams");
        }
    }

    // Names are shown and compared, and the account is kept for good, so a text that cannot be one is not taken for one.
    static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
