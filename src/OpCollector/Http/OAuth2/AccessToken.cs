using System.Globalization;
using System.Text.Json;
using OpCollector.Events.Json;

namespace OpCollector.Http.OAuth2;

/// <summary>A token that a receiver takes for a while.</summary>
/// <param name="RenewAt">When another one is asked for, which is before its end; null where its end is not known.</param>
internal sealed record AccessToken(string Text, DateTimeOffset? RenewAt)
{
    static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Pure: what an answer lacks of a token that can be sent; null where it has one.</summary>
    public static string? Slip(JsonElement answer) =>
        answer.Text("access_token"u8) is not { Length: > 0 } text ? "no access_token"
        : answer.Text("token_type"u8) is { } type && !type.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? $"a token of the type \"{ForeignText.Clean(type)}\", and only \"Bearer\" can be used"
        : !text.All(c => c is > ' ' and <= '~') ? "an access_token that no HTTP header can carry"
        : null;

    /// <summary>The token in an answer that has one.</summary>
    public static AccessToken Parse(JsonElement answer, DateTimeOffset now)
    {
        var text = answer.Text("access_token"u8)!;
        Redaction.Remember(text);
        return new AccessToken(text, Life(answer) is { } life ? now.Plus(life - Least(Margin, life / 4)) : null);
    }

    // Some endpoints write the number in quotes.
    static TimeSpan? Life(JsonElement answer) => answer.Member("expires_in"u8) is { } member
        && double.TryParse(
            member.ValueKind == JsonValueKind.Number ? member.GetRawText() : member.Text(),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var seconds)
            ? SaturatingTime.Seconds(Math.Max(0, seconds))
            : null;

    static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
