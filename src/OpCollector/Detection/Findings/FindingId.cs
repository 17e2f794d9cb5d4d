using System.Text;

namespace OpCollector.Detection.Findings;

/// <summary>The id of a finding: made of what it rests on, so that a finding that is made twice is recognised.</summary>
internal static class FindingId
{
    const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    const int Length = 26;

    /// <param name="group">The group of a correlation, or which of its findings a native rule means; empty otherwise.</param>
    public static string Compute(string ruleId, string stream, IEnumerable<string> eventIds, string group)
    {
        // The id does not depend on the order in which events arrive.
        var hash = Digest.ComputeBytes(
            Encoding.UTF8.GetBytes(string.Join('\n', [ruleId, stream, .. eventIds.Order(StringComparer.Ordinal), group])));
        return string.Create(Length + 2, hash, (id, bytes) =>
        {
            "f-".CopyTo(id);
            for (var at = 0; at < Length; at++)
            {
                var bit = 5 * at;
                var two = (bytes[bit / 8] << 8) | bytes[(bit / 8) + 1];
                id[at + 2] = Alphabet[(two >> (11 - (bit % 8))) & 31];
            }
        });
    }
}
