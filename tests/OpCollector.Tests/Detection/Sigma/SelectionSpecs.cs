using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace OpCollector.Tests;

/// <summary>Selections: values, modifiers, fields inside of fields, words anywhere.</summary>
public sealed class SelectionSpecs
{
    [Theory]
    [InlineData("f: abc", "\"ABC\"", true)]
    [InlineData("f: abc", "\"abcd\"", false)]
    [InlineData("f: 'a*d'", "\"abcd\"", true)]
    [InlineData("f: 'a?c'", "\"abc\"", true)]
    [InlineData("f: 'a?c'", "\"a😀c\"", true)]
    [InlineData("f: 'a?c'", "\"ac\"", false)]
    [InlineData("f: 'a\\*c'", "\"abc\"", false)]
    [InlineData("f: 'a\\*c'", "\"a*c\"", true)]
    [InlineData("f: 'a\\\\*'", "\"a\\\\bc\"", true)]
    [InlineData("f: 'a\\b'", "\"a\\\\b\"", true)]
    [InlineData("f: '*'", "\"\"", true)]
    [InlineData("f: ÅNGSTRÖM", "\"ångström\"", true)]
    [InlineData("f: ångström", "\"\\u00e5ngstr\\u00f6m\"", true)]
    [InlineData("f: [x, abc]", "\"abc\"", true)]
    [InlineData("f: ''", "\"\"", true)]
    [InlineData("f: ''", "null", false)]
    [InlineData("f: null", "null", true)]
    [InlineData("f: null", "\"\"", false)]
    [InlineData("f:", "null", true)]
    [InlineData("f: [null, abc]", "\"abc\"", true)]
    [InlineData("f: [null, abc]", "null", true)]
    [InlineData("f: 52", "52", true)]
    [InlineData("f: 52", "52.0", true)]
    [InlineData("f: 52", "\"52\"", true)]
    [InlineData("f: '52'", "52", true)]
    [InlineData("f: 52", "\"520\"", false)]
    [InlineData("f: true", "true", true)]
    [InlineData("f: true", "false", false)]
    [InlineData("f: true", "\"true\"", false)]
    [InlineData("f: abc", "[\"x\",\"abc\"]", true)]
    [InlineData("f: abc", "[[\"abc\"]]", true)]
    [InlineData("f: abc", "[]", false)]
    [InlineData("f: abc", "{\"abc\":1}", false)]
    [InlineData("f.g: abc", "{\"g\":\"abc\"}", true)]
    [InlineData("f.g: abc", "[{\"h\":1},{\"g\":\"abc\"}]", true)]
    [InlineData("f.g: abc", "\"abc\"", false)]
    [InlineData("f|contains: BC", "\"abcd\"", true)]
    [InlineData("f|startswith: AB", "\"abcd\"", true)]
    [InlineData("f|startswith: bc", "\"abcd\"", false)]
    [InlineData("f|endswith: CD", "\"abcd\"", true)]
    [InlineData("f|cased: ABC", "\"abc\"", false)]
    [InlineData("f|contains|cased: bc", "\"abcd\"", true)]
    [InlineData("f|contains|all: [a, d]", "\"abcd\"", true)]
    [InlineData("f|contains|all: [a, x]", "\"abcd\"", false)]
    [InlineData("f|contains|all: [a, d]", "[\"a\",\"d\"]", true)]
    [InlineData("f|neq: abc", "\"x\"", true)]
    [InlineData("f|neq: abc", "\"ABC\"", false)]
    [InlineData("f|neq: [abc, x]", "\"x\"", false)]
    [InlineData("f|re: '^a.c$'", "\"abc\"", true)]
    [InlineData("f|re: 'B'", "\"abc\"", false)]
    [InlineData("f|re|i: 'B'", "\"abc\"", true)]
    [InlineData("f|re|m: '^b$'", "\"a\\nb\"", true)]
    [InlineData("f|re|s: 'a.b'", "\"a\\nb\"", true)]
    [InlineData("f|re: 'a.b'", "\"a\\nb\"", false)]
    [InlineData("f|cidr: 203.0.113.0/24", "\"203.0.113.7\"", true)]
    [InlineData("f|cidr: 203.0.113.0/24", "\"203.0.114.7\"", false)]
    [InlineData("f|cidr: 203.0.113.0/24", "\"::ffff:203.0.113.7\"", true)]
    [InlineData("f|cidr: 2001:db8::/32", "\"2001:db8:1::1\"", true)]
    [InlineData("f|cidr: 0.0.0.0/0", "\"7\"", false)]
    [InlineData("f|contains: '\\sysvol\\'", "\"a\\\\sysvol\\\\b\"", true)]
    [InlineData("f|startswith: 'C:\\'", "\"c:\\\\windows\"", true)]
    [InlineData("f|endswith: '*\\'", "\"a\\\\\"", true)]
    [InlineData("f|windash|contains: '-enc'", "\"a /ENC b\"", true)]
    [InlineData("f|windash|contains: '-enc'", "\"a-enc\"", true)]
    [InlineData("f|windash: 'a-b'", "\"a/b\"", false)]
    [InlineData("f|base64: foo", "\"Zm9v\"", true)]
    [InlineData("f|base64offset|contains: foobar", "\"xxZm9vYmFy\"", true)]
    [InlineData("f|base64offset|contains: foobar", "\"IGZvb2Jhcg==\"", true)]
    [InlineData("f|wide: ab", "\"a\\u0000b\\u0000\"", true)]
    [InlineData("f|utf16|base64: ab", "\"//5hAGIA\"", true)]
    [InlineData("f|hour: 23", "\"2026-03-09T23:45:00Z\"", true)]
    [InlineData("f|hour|gte: 22", "\"2026-03-09T23:45:00+02:00\"", false)]
    [InlineData("f|week: 11", "\"2026-03-09T23:45:00Z\"", true)]
    [InlineData("f|year|neq: 2026", "\"2026-03-09T23:45:00Z\"", false)]
    [InlineData("f|lt: 5", "4.5", true)]
    [InlineData("f|lte: 5", "5", true)]
    [InlineData("f|gt: 5", "5", false)]
    [InlineData("f|gte: 5", "\"5\"", true)]
    [InlineData("f|gte: 5", "\"many\"", false)]
    [InlineData("f|exists: true", "null", true)]
    [InlineData("f|exists: true", "[]", true)]
    [InlineData("f|exists: false", "\"x\"", false)]
    [InlineData("f|fieldref: g", "\"x\"", true)]
    [InlineData("f|fieldref|cased: g", "\"x\"", false)]
    [InlineData("f|fieldref|neq: g", "\"x\"", false)]
    [InlineData("f|fieldref|startswith: g", "\"xyz\"", true)]
    public void A_value_is_compared_as_the_modifiers_say(string selection, string value, bool expected)
    {
        var sigma = Sigma.Detection($"s:\n  {selection}\ncondition: s");

        sigma.Matches($$"""{"eid":1,"f":{{value}},"g":"X"}""").Should().Be(expected);
    }

    [Theory]
    [InlineData("""{"eid":1,"\u0066":7}""")]
    [InlineData("""{"eid":1,"f":["\u0061",7]}""")]
    public void A_number_behind_a_text_with_escapes_is_a_number(string json) =>
        Sigma.Detection("s:\n  f|gt: 5\ncondition: s").Matches(json).Should().BeTrue();

    [Theory]
    [InlineData("f: abc")]
    [InlineData("f: '*'")]
    [InlineData("f: ''")]
    [InlineData("f|exists: true")]
    [InlineData("f|fieldref: g")]
    [InlineData("f|re: ''")]
    [InlineData("f|lt: 5")]
    public void An_absent_field_never_compares_equal(string selection) =>
        Sigma.Detection($"s:\n  {selection}\ncondition: s").Matches("""{"eid":1}""").Should().BeFalse();

    [Fact]
    public void What_is_absent_null_or_empty_on_both_sides_is_not_the_same()
    {
        var sigma = Sigma.Detection("s:\n  f|fieldref: g\ncondition: s");

        foreach (var json in new[]
        {
            """{"eid":1}""",
            """{"eid":1,"f":null,"g":null}""",
            """{"eid":1,"f":"","g":""}""",
            """{"eid":1,"g":"x"}"""
        })
        {
            sigma.Matches(json).Should().BeFalse(json);
        }
    }

    [Theory]
    [InlineData("k: [payroll]", true)]
    [InlineData("k: ['pay*ll']", true)]
    [InlineData("k: ['|cased']", false)]
    [InlineData("k:\n  '|all': [payroll, '17']", true)]
    [InlineData("k:\n  '|all': [payroll, nothing]", false)]
    [InlineData("k:\n  '|re': '^Pay'", true)]
    [InlineData("k: payroll", true)]
    [InlineData("k: [secretname]", false)]
    public void A_word_without_a_field_is_looked_for_in_every_value(string selection, bool expected) =>
        Sigma.Detection($"{selection}\ncondition: k").Matches("""{"eid":1,"a":{"secretname":[{"b":"Payroll 2026"}]},"c":17}""")
            .Should().Be(expected);

    [Fact]
    public void A_map_means_all_of_it_and_a_list_of_maps_any_of_it()
    {
        Sigma.Detection("s:\n  a: 1\n  b: 2\ncondition: s").Matches("""{"eid":1,"a":1}""").Should().BeFalse();
        Sigma.Detection("s:\n  - a: 1\n  - b: 2\ncondition: s").Matches("""{"eid":1,"a":1}""").Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"eid":1,"f":"x","f":"abc"}""", true)]
    [InlineData("""{"eid":1,"f":"abc","f":"x"}""", false)]
    [InlineData("""{"eid":1,"f":["abc"],"f":[]}""", false)]
    public void Of_a_doubled_member_the_last_one_counts(string json, bool expected) =>
        Sigma.Detection("s:\n  f: abc\ncondition: s").Matches(json).Should().Be(expected);

    [Fact]
    public void Names_of_fields_are_the_Events_API_s_whatever_the_source()
    {
        var sigma = Sigma.Detection("s:\n  actor_uuid: A\n  timestamp|startswith: '2026'\n  aux_uuid: B\n  uuid: [1, '1']\ncondition: s");

        sigma.Matches("""{"eid":1,"time":"2026-09-01T00:00:00Z","actorUuid":"A","auxUUID":"B"}""").Should().BeTrue();
        sigma.Matches("""{"uuid":"1","timestamp":"2026-09-01T00:00:00Z","actor_uuid":"A","aux_uuid":"B"}""").Should().BeTrue();
        Sigma.Detection("s:\n  actorUuid: A\ncondition: s").Matches("""{"uuid":"1","actor_uuid":"A"}""").Should().BeTrue();
    }

    [Theory]
    [InlineData("""{"eid":1,"actorName":"Alice"}""")]
    [InlineData("""{"uuid":"1","actor_name":"Alice"}""")]
    [InlineData("""{"uuid":"1","actor_details":{"uuid":"A","name":"Alice"}}""")]
    public void A_name_is_a_field_wherever_it_comes_from(string json) =>
        Sigma.Detection("s:\n  actor_name: alice\ncondition: s").Matches(json).Should().BeTrue();

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("x\\n\\t\\\"\\\\\\/\\b\\f\\r\\u00e5")]
    public void An_odd_text_stops_nothing(string text) =>
        Sigma.Detection("s:\n  f|contains: x\nk: [zz]\ncondition: s and not k").Matches($$"""{"eid":1,"f":"{{text}}x"}""")
            .Should().BeTrue();

    [Fact]
    public void A_member_s_name_may_be_escaped() =>
        Sigma.Detection("s:\n  action: join\ncondition: s").Matches("""{"eid":1,"\u0061ction":"join"}""").Should().BeTrue();

    [Fact]
    public void Arrays_without_end_are_not_followed()
    {
        var json = $$"""{"eid":1,"f":{{new string('[', 5000)}}"abc"{{new string(']', 5000)}},"g":1}""";

        Sigma.Detection("s:\n  f: abc\nt:\n  g: 1\ncondition: t and not s").Matches(json).Should().BeTrue();
    }

    [Fact]
    public void Wildcards_agree_with_the_reference() => Check.One(
        Seeds.Try(500),
        Prop.ForAll(Texts("ab*?").ToArbitrary(), Texts("abA").ToArbitrary(), (pattern, text) =>
            Sigma.Detection($"s:\n  f: '{pattern}'\ncondition: s").Matches($$"""{"eid":1,"f":{{JsonSerializer.Serialize(text)}}}""")
            == Glob(pattern, text)));

    static Gen<string> Texts(string letters) =>
        Gen.Choose(0, 7).SelectMany(length => Gen.Elements(letters.ToCharArray()).ArrayOf(length)).Select(chars => new string(chars));

    // Tries everything that a star could stand for.
    static bool Glob(string pattern, string text) => pattern.Length == 0 ? text.Length == 0
        : pattern[0] == '*' ? Enumerable.Range(0, text.Length + 1).Any(at => Glob(pattern[1..], text[at..]))
        : text.Length > 0
            && (pattern[0] == '?' || char.ToUpperInvariant(pattern[0]) == char.ToUpperInvariant(text[0]))
            && Glob(pattern[1..], text[1..]);
}
