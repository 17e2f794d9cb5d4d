using System.Security.Cryptography;
using System.Text;

namespace OpCollector.Cli.Runs;

/// <summary>What a backfill is asked to deliver, and how.</summary>
/// <param name="MostCalls">How many calls it may have under way at once.</param>
internal sealed record BackfillRequest(BackfillRange Range, RulesOfRun Rules, int MostCalls)
{
    /// <summary>Equal for equal requests to one source, so that a command finds what an interrupted one left.</summary>
    public string NameFor(string fingerprint)
    {
        var key = $"{fingerprint} {Range.Key}{(Rules == RulesOfRun.All ? " findings" : "")}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 6));
    }
}
