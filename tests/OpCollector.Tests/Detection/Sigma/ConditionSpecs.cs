using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace OpCollector.Tests;

/// <summary>Conditions in all their forms, against hand-picked cases and against a reference that is slow and obvious.</summary>
public sealed class ConditionSpecs
{
    static readonly string[] Names = ["a", "b", "c1", "c2", "_d"];

    const string Selections = "a:\n  a: 1\nb:\n  b: 1\nc1:\n  c1: 1\nc2:\n  c2: 1\n_d:\n  _d: 1\n";

    [Theory]
    [InlineData("a or b and c1", "a", true)]
    [InlineData("a or b and c1", "b", false)]
    [InlineData("(a or b) and c1", "a", false)]
    [InlineData("not a and b", "b", true)]
    [InlineData("not a and b", "", false)]
    [InlineData("not (a and b)", "a", true)]
    [InlineData("not not a", "a", true)]
    [InlineData("1 of c*", "c2", true)]
    [InlineData("any of c*", "c2", true)]
    [InlineData("all of c*", "c2", false)]
    [InlineData("all of c*", "c1 c2", true)]
    [InlineData("not 1 of c*", "a", true)]
    [InlineData("1 of them", "_d", false)]
    [InlineData("all of them", "a b c1 c2", true)]
    [InlineData("1 of _*", "_d", true)]
    [InlineData("1 of a", "a", true)]
    [InlineData("[a and b, c1]", "c1", true)]
    public void A_condition_means_what_Sigma_says(string condition, string there, bool expected)
    {
        var sigma = Sigma.Detection($"{Selections}condition: {condition}");

        sigma.Matches(Event(there.Split(' '))).Should().Be(expected);
    }

    [Theory]
    [InlineData("a and", "ends where a selection is expected")]
    [InlineData("(a", "not closed")]
    [InlineData("a b", "\"b\" is not expected here")]
    [InlineData("nobody", "there is no selection \"nobody\"; there are a, b")]
    [InlineData("1 of x*", "no selection is called \"x*\"")]
    [InlineData("a | count() > 5", "write a correlation")]
    [InlineData("and a", "\"and\" is where a selection is expected")]
    public void What_is_no_condition_is_refused_with_its_line(string condition, string why)
    {
        var complaints = Sigma.Complaints(Sigma.Rule($"{Selections}condition: {condition}"));

        complaints.Should().ContainSingle().Which.Should().StartWith("17: condition: ").And.Contain(why);
    }

    [Fact]
    public void Any_condition_agrees_with_the_reference() => Check.One(
        Seeds.Try(300),
        Prop.ForAll(Conditions().ToArbitrary(), Events().ToArbitrary(), (condition, there) =>
            Sigma.Detection($"{Selections}condition: {condition}").Matches(Event(there)) == Reference(condition, there)));

    [Fact]
    public void A_rule_and_its_negation_never_both_match() => Check.One(
        Seeds.Try(200),
        Prop.ForAll(Conditions().ToArbitrary(), Events().ToArbitrary(), (condition, there) =>
            Sigma.Detection($"{Selections}condition: {condition}").Matches(Event(there))
            != Sigma.Detection($"{Selections}condition: not ({condition})").Matches(Event(there))));

    static string Event(IEnumerable<string> there) =>
        $"{{\"eid\":1{string.Concat(there.Where(name => name.Length > 0).Select(name => string.Create(CultureInfo.InvariantCulture, $",\"{name}\":1")))}}}";

    static Gen<string[]> Events() => Gen.Choose(0, 31).Select(bits => Names.Where((_, at) => (bits & (1 << at)) != 0).ToArray());

    static Gen<string> Conditions() => Gen.Sized(size => Condition(Math.Min(size, 4)));

    static Gen<string> Condition(int depth)
    {
        var leaf = Gen.Elements("a", "b", "c1", "c2", "_d", "1 of c*", "all of c*", "1 of them", "all of them");
        if (depth == 0)
        {
            return leaf;
        }

        var inner = Condition(depth - 1);
        return Gen.OneOf(
            leaf,
            inner.Select(each => $"not {each}"),
            inner.Select(each => $"({each})"),
            inner.SelectMany(left => inner.Select(right => $"{left} and {right}")),
            inner.SelectMany(left => inner.Select(right => $"{left} or {right}")));
    }

    /// <summary>Works on the text: splits at the weakest word outside of parentheses, until nothing is left to split.</summary>
    static bool Reference(string condition, string[] there)
    {
        condition = condition.Trim();
        if (Split(condition, " or ") is { } either)
        {
            return Reference(either.Left, there) || Reference(either.Right, there);
        }

        if (Split(condition, " and ") is { } both)
        {
            return Reference(both.Left, there) && Reference(both.Right, there);
        }

        if (condition.StartsWith("not ", StringComparison.Ordinal))
        {
            return !Reference(condition[4..], there);
        }

        if (condition[0] == '(')
        {
            return Reference(condition[1..^1], there);
        }

        var words = condition.Split(' ');
        return words switch
        {
            ["1", _, "c*"] => there.Contains("c1") || there.Contains("c2"),
            ["all", _, "c*"] => there.Contains("c1") && there.Contains("c2"),
            ["1", _, "them"] => there.Any(name => name != "_d"),
            ["all", _, "them"] => there.Count(name => name != "_d") == 4,
            _ => there.Contains(condition),
        };
    }

    static (string Left, string Right)? Split(string condition, string word)
    {
        var depth = 0;
        for (var at = 0; at < condition.Length; at++)
        {
            depth += condition[at] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && string.CompareOrdinal(condition, at, word, 0, word.Length) == 0)
            {
                return (condition[..at], condition[(at + word.Length)..]);
            }
        }

        return null;
    }
}
