using System.Globalization;
using FsCheck;

namespace OpCollector.Tests.Support;

/// <summary>
/// What is drawn by chance, and how much of it: every draw follows from a seed that is printed, and <c>OPCOLLECTOR_SEED</c> plays it again.
/// </summary>
internal static class Seeds
{
    const int Parts = 5;

    // A failure names its seed.
    static readonly int Part = Random.Shared.Next(Parts);

    /// <summary>The seed that somebody wants to see again.</summary>
    public static int? Asked => Variable("OPCOLLECTOR_SEED");

    /// <summary>The seeds from 1 to as many as the variable says.</summary>
    /// <param name="first">How many there are without the variable: an ordinary run plays a fifth of them, another fifth each time.</param>
    public static IEnumerable<int> Of(string variable, int first) => Asked is { } seed ? [seed]
        : Variable(variable) is { } count ? Enumerable.Range(1, count)
        : Enumerable.Range(1, first).Where(each => each % Parts == Part);

    /// <summary>Another seed in each run of the tests, printed with the test.</summary>
    public static int Draw()
    {
        var seed = Asked ?? Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"OPCOLLECTOR_SEED={seed} draws the same again");
        return seed;
    }

    /// <summary>How FsCheck tries a property: with another seed in each run.</summary>
    public static Config Try(int times) => Config.QuickThrowOnFailure.WithMaxTest(times).WithReplay((ulong)Draw(), 1);

    public static int? Variable(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
