namespace OpCollector.Tests.Support;

/// <summary>Ids as an account may have them: given out to all accounts alike, so that gaps of any size lie between.</summary>
internal static class Histories
{
    /// <summary>Ascending ids by a seed: evenly spread, in bursts, behind gaps of thousands or of hundreds of millions.</summary>
    public static List<long> Random(Random random, int most)
    {
        var eids = new List<long>();
        var next = random.Next(3) == 0 ? 0 : random.NextInt64(0, 1L << random.Next(1, 40));
        var usual = 1 << random.Next(0, 14);
        for (var count = random.Next(0, most); count > 0; count--)
        {
            eids.Add(next += random.Next(40) switch
            {
                0 => random.NextInt64(1, 1L << random.Next(1, 34)),
                < 10 => 1,
                _ => random.Next(1, usual + 1),
            });
        }

        return eids;
    }
}
