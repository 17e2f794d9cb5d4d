using System.Net;
using System.Text;

namespace OpCollector.Tests;

/// <summary>What is cut out of the words of others, and what stays of ours.</summary>
public sealed class RedactionSpecs
{
    const string Secret = "Zq7+vN/w2=kX9&r\"T5m";

    static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Secret);

    public static TheoryData<string> Forms => new(
        Secret,
        Secret.ToUpperInvariant(),
        Uri.EscapeDataString(Secret),
        Uri.EscapeDataString(Uri.EscapeDataString(Secret)),
        Uri.HexEscape(Secret[0]) + Secret[1..],
        WebUtility.HtmlEncode(Secret),
        Secret.Replace("+", "&#x2B;", StringComparison.Ordinal),
        Secret.Replace("+", "\\u002b", StringComparison.Ordinal).Replace("/", "\\/", StringComparison.Ordinal),
        Convert.ToBase64String(Bytes),
        Convert.ToBase64String([.. "user:"u8, .. Bytes]),
        Convert.ToBase64String([.. "a:"u8, .. Bytes, .. ":b"u8]).TrimEnd('='),
        System.Buffers.Text.Base64Url.EncodeToString([.. "ab:"u8, .. Bytes]),
        Convert.ToHexString(Bytes),
        Convert.ToHexStringLower(Bytes),
        Secret[..9],
        Secret[^10..],
        Secret[3..12]);

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_secret_that_a_server_repeats_is_cut_out_in_every_form(string form)
    {
        Redaction.Remember(Secret);

        var shown = ForeignText.Of($"no such token: {form} (401)").ToString();

        shown.Should().StartWith("no such token: ").And.EndWith(" (401)").And.Contain("***");
        shown["no such token: ".Length..^" (401)".Length].Replace("***", "", StringComparison.Ordinal).Length.Should().BeLessThan(12);
    }

    [Fact]
    public void A_secret_across_the_end_of_what_is_shown_is_cut_out_before_the_text_is_cut()
    {
        Redaction.Remember("across-The-End-0123456789");

        ForeignText.Of(new string('x', 190) + "across-The-End-0123456789").ToString().Should().Be(new string('x', 190) + "***");
    }

    [Fact]
    public void One_segment_of_an_address_is_cut_out_of_the_words_of_others()
    {
        Redaction.RememberAddress("/services/T024B7/B0xq9/GkP81mZz0/event");

        ForeignText.Of("Cannot POST GkP81mZz0").ToString().Should().Be("Cannot POST ***");
        ForeignText.Of("the services are out of order").ToString().Should().Be("the services are out of order");
    }

    [Fact]
    public async Task An_address_of_many_words_is_looked_through_in_no_time()
    {
        Redaction.RememberAddress($"{string.Concat(Enumerable.Repeat("many-", 60))}Words");

        var looking = Task.Run(() => Redaction.OfForeign("at many-many-many-Words"), TestContext.Current.CancellationToken);

        await looking.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_word_of_an_address_is_never_cut_out_of_our_own_words()
    {
        Redaction.RememberAddress("opcollector");

        Redaction.Of("run opcollector check").Should().Be("run opcollector check");
    }

    [Fact]
    public void A_password_of_words_leaves_the_words_of_others_readable()
    {
        Redaction.Remember("correct horse battery staple");

        ForeignText.Of("Incorrect One-Time Password").ToString().Should().Be("Incorrect One-Time Password");
        ForeignText.Of("wrong: correct horse battery staple").ToString().Should().Be("wrong: ***");
    }

    [Theory]
    [InlineData("mnbvcxzl.kjhgfdsa.poiuytre", "mnbvcxzl.kjhgf")]
    [InlineData("mnbvcxzl.kjhgfdsa.poiuytre", "gfdsa.poiuytre")]
    [InlineData("lkjhmnbvgfdsxcvbnq", "lkjhmnbvgfdsxc")]
    [InlineData("qwzx_asdf-hgvb.nmlk.poe", "asdf-hgvb.nm")]
    public void A_token_of_small_letters_alone_is_cut_out_in_part_too(string secret, string part)
    {
        Redaction.Remember(secret);

        ForeignText.Of($"no such token: {part} (401)").ToString().Should().Be("no such token: *** (401)");
    }

    [Fact]
    public void Of_an_address_that_others_name_only_the_host_stays()
    {
        ForeignText.Of("see https://siem.example/hook/abc?key=1 and http://other.example#x").ToString()
            .Should().Be("see https://siem.example and http://other.example");
    }
}
