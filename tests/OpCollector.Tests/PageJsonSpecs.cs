using System.Globalization;
using System.Text;
using System.Text.Json;
using FluentAssertions;
using OpCollector.Events;
using Xunit;

namespace OpCollector.Tests;

/// <summary>A page is taken apart into its items, and each loses the white space between its tokens and nothing else.</summary>
public sealed class PageJsonSpecs
{
    static readonly string[] Spaces = ["", "", " ", "\n", "\t", "\r\n", "  \n "];

    // As they stand between quotes.
    static readonly string[] Texts = ["", " ", "a b", ", ", "{ \\\"", " : ", "\\\\\\\"", "\\\\", "[ ]\\n", "\u2603 \\t", " {} "];

    [Fact]
    public void White_space_between_tokens_goes_and_what_stands_inside_strings_stays()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var (dense, spaced) = (new StringBuilder(), new StringBuilder());
            Write(new Random(seed), dense, spaced, depth: 0);

            Text(PageJson.Compact(Encoding.UTF8.GetBytes(spaced.ToString()))).Should().Be(dense.ToString(), "seed {0}", seed);
        }
    }

    [Theory]
    [InlineData("""{"a": 1}""", """{"a":1}""")]
    [InlineData("""{"a" :1}""", """{"a":1}""")]
    [InlineData("""{"a":1 }""", """{"a":1}""")]
    [InlineData("""{ "a":1}""", """{"a":1}""")]
    [InlineData("""{"a":1 ,"b":2}""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":1, "b":2}""", """{"a":1,"b":2}""")]
    [InlineData("""{"a":[1 ],"b":[ ]}""", """{"a":[1],"b":[]}""")]
    [InlineData("""{"a":"1, 2 : { } [ ]"}""", """{"a":"1, 2 : { } [ ]"}""")]
    [InlineData(" 5 ", "5")]
    public void White_space_goes_wherever_it_stands(string spaced, string dense) => Text(PageJson.Compact(Encoding.UTF8.GetBytes(spaced))).Should().Be(dense);

    [Fact]
    public void What_is_dense_already_is_not_copied()
    {
        var json = Encoding.UTF8.GetBytes("""{"a":"b c","d":[1,2]}""");

        PageJson.Compact(json).Should().Be((ReadOnlyMemory<byte>)json);
    }

    [Fact]
    public void Items_are_what_stands_between_the_brackets()
    {
        PageJson.Items(Encoding.UTF8.GetBytes("""[ {"a": [1, {}]}, 5, "x y", null, [ ] ]""")).Select(Text)
            .Should().Equal("""{"a":[1,{}]}""", "5", "\"x y\"", "null", "[]");
    }

    [Theory]
    [InlineData("[1")]
    [InlineData("""[{"a":1]""")]
    [InlineData("[1] 2")]
    [InlineData("{}")]
    public void What_is_no_whole_array_is_no_page(string json) =>
        FluentActions.Invoking(() => PageJson.Items(Encoding.UTF8.GetBytes(json))).Should().Throw<JsonException>();

    static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    static void Write(Random random, StringBuilder dense, StringBuilder spaced, int depth)
    {
        void Token(string token)
        {
            dense.Append(token);
            spaced.Append(Spaces[random.Next(Spaces.Length)]).Append(token).Append(Spaces[random.Next(Spaces.Length)]);
        }

        string Quoted() => $"\"{Texts[random.Next(Texts.Length)]}\"";

        var kind = depth == 0 ? 0 : random.Next(depth < 4 ? 5 : 3) switch { 3 => 0, 4 => 1, var scalar => scalar + 2 };
        if (kind > 1)
        {
            Token(kind switch { 2 => Quoted(), 3 => random.Next(-9, 1000).ToString(CultureInfo.InvariantCulture), _ => "null" });
            return;
        }

        Token(kind == 0 ? "{" : "[");
        for (int at = 0, count = random.Next(4); at < count; at++)
        {
            if (at > 0)
            {
                Token(",");
            }

            if (kind == 0)
            {
                Token(Quoted());
                Token(":");
            }

            Write(random, dense, spaced, depth + 1);
        }

        Token(kind == 0 ? "}" : "]");
    }
}
