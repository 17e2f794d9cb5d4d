using System.Text;
using OpCollector.Events;

namespace OpCollector.Tests;

/// <summary>A page is taken apart into its items, and each loses the white space between its tokens and nothing else.</summary>
public sealed class PageJsonSpecs
{
    [Fact]
    public void White_space_between_tokens_goes_and_what_stands_inside_strings_stays()
    {
        for (var seed = 0; seed < 3000; seed++)
        {
            var (dense, spaced) = RandomJson.Object(seed);

            Text(PageJson.Compact(Encoding.UTF8.GetBytes(spaced))).Should().Be(dense, "seed {0}", seed);
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
    public void White_space_goes_wherever_it_stands(string spaced, string dense) =>
        Text(PageJson.Compact(Encoding.UTF8.GetBytes(spaced))).Should().Be(dense);

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
        FluentActions.Invoking(() => PageJson.Items(Encoding.UTF8.GetBytes(json))).Should().Throw<NoJsonException>();

    static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}
