namespace OpCollector.Tests.Support;

/// <summary>What offends against a rule of the house, against what is known to: the known may only become fewer.</summary>
internal static class Offenders
{
    /// <param name="offenders">Names, each perhaps with a remark in brackets.</param>
    /// <param name="known">The names that are still to be mended. One that offends no longer must be taken off.</param>
    public static void ShouldBeOnly(this IEnumerable<string> offenders, params IReadOnlyCollection<string> known)
    {
        var found = offenders.Distinct().Order(StringComparer.Ordinal).ToArray();

        found.Where(offender => !known.Contains(NameOf(offender))).Should().Equal([], "the rule holds for everything new");
        known.Except(found.Select(NameOf)).Should().Equal([], "what is mended is taken off the list");
    }

    static string NameOf(string offender) => offender.Split(" (")[0];
}
