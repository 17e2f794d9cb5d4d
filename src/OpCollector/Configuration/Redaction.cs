using System.Collections.Concurrent;

namespace OpCollector.Configuration;

/// <summary>The last guard before anything is printed: secrets that were read are cut out of every line, whoever put them there.</summary>
internal static class Redaction
{
    // Shorter than this, cutting a secret out would garble ordinary words and tell more than it hides.
    const int Shortest = 4;

    static readonly ConcurrentDictionary<string, byte> Secrets = new();

    public static void Remember(string secret)
    {
        if (secret.Length >= Shortest)
        {
            Secrets.TryAdd(secret, 0);
        }
    }

    public static string Of(string text) =>
        Secrets.Keys.OrderByDescending(secret => secret.Length).Aggregate(text, (cut, secret) => cut.Replace(secret, "***", StringComparison.Ordinal));
}
