using OtpNet;

namespace OpCollector.Sources.Op;

/// <summary>One-time codes as 1Password makes them: RFC 6238 with SHA-1, six digits and steps of 30 seconds.</summary>
internal static class OneTimeCode
{
    static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / (long)Step.TotalSeconds;

    public static DateTimeOffset StartOf(long step) => DateTimeOffset.FromUnixTimeSeconds(step * (long)Step.TotalSeconds);

    /// <summary>The code of a step; null when the secret is not base32.</summary>
    public static string? Code(string secret, long step) =>
        Key(secret) is { Length: > 0 } key ? new Hotp(key).ComputeHOTP(step) : null;

    // As people copy it: in groups, in lower case, with or without padding, which is allowed at the end alone.
    static byte[]? Key(string secret)
    {
        try
        {
            return Base32Encoding.ToBytes(string.Concat(secret.TrimEnd('=').Where(c => c is not (' ' or '-'))));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
