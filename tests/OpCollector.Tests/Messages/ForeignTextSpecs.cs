using System.Text;

namespace OpCollector.Tests;

/// <summary>Text of others as a message shows it.</summary>
[Collection(SerialCollection.Name)]
[Trait(Fast.Trait, Fast.Name)]
public sealed class ForeignTextSpecs
{
    public ForeignTextSpecs() => KnownSecrets.Forget();

    [Theory]
    [InlineData("\u001b[31mred\u001b[0m", "[31mred [0m")]
    [InlineData("one\r\ntwo\tthree\0four", "one two three four")]
    [InlineData("\u009b31m", "31m")]
    [InlineData("a\u2028b\u2029c\u0085d", "a b c d")]
    [InlineData("abc\u202Etxt.exe", "abc\uFFFDtxt.exe")]
    [InlineData("\u2066x\u2069\u200F\uFEFF", "\uFFFDx\uFFFD\uFFFD\uFFFD")]
    [InlineData("  in   the  middle  ", "in the middle")]
    [InlineData("Zoë 田中 🦊", "Zoë 田中 🦊")]
    public void It_stands_on_one_line_and_steers_nothing(string text, string shown)
    {
        ForeignText.Clean(text).ToString().Should().Be(shown);
        ForeignText.Line(text).Should().Be(shown);
    }

    [Fact]
    public void Half_a_character_is_replaced()
    {
        ForeignText.Clean("half \ud800 a character").ToString().Should().Be("half \uFFFD a character");
    }

    [Fact]
    public void It_is_short()
    {
        ForeignText.Clean(new string('x', 100_000)).ToString().Should().Be(new string('x', 200) + "…");
        ForeignText.Clean(new string('x', 199) + "🦊").ToString().Should().Be(new string('x', 199) + "…");
    }

    [Theory]
    [InlineData(16_380)]
    [InlineData(16_374)]
    [InlineData(16_362)]
    public void A_secret_across_the_end_of_what_is_read_is_not_shown(int blanks)
    {
        Redaction.Remember("rtyfghvbnuio.jklmpoiu.zaq");
        var text = "refused:" + new string(' ', blanks - 8) + "rtyfghvbnuio.jklmpoiu.zaq";

        ForeignText.Clean(text).ToString().Should().Be("refused:");
        ForeignText.Clean(Encoding.UTF8.GetBytes(text)).ToString().Should().Be("refused:");
    }

    [Fact]
    public void It_may_be_no_text_at_all()
    {
        ForeignText.Clean([0xff, 0xfe, (byte)'a']).ToString().Should().Be("\uFFFD\uFFFDa");
        ForeignText.Clean((string?)null).ToString().Should().BeEmpty();
        default(ForeignText).ToString().Should().BeEmpty();
    }

    [Fact]
    public void A_flood_of_bytes_is_read_only_at_its_beginning()
    {
        ForeignText.Clean(Encoding.UTF8.GetBytes(new string('\u001b', 50_000) + "unseen")).ToString().Should().BeEmpty();
    }
}
