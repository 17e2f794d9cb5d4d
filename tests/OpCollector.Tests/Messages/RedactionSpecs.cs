using System.Net;
using System.Text;

namespace OpCollector.Tests;

/// <summary>What is cut out of the words of others, and what stays of ours.</summary>
[Collection(SerialCollection.Name)]
[Trait(Fast.Trait, Fast.Name)]
public sealed class RedactionSpecs
{
    const string Secret = "Zq7+vN/w2=kX9&r\"T5m";

    static readonly byte[] Bytes = Encoding.UTF8.GetBytes(Secret);

    public RedactionSpecs() => KnownSecrets.Forget();

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
        Secret[3..12],
        Between("\n", 5, Secret),
        Between("\r\n  ", 3, Secret),
        Between("   ", 4, Secret),
        Between("\\n", 6, Secret),
        Between("\" +\n  \"", 5, Secret),
        Between("\u200B", 1, Secret),
        Between("\u00AD", 2, Secret),
        Between("\u2060\uFE0F", 3, Secret),
        Between("\u3164", 4, Secret),
        Between("\U000E0041", 5, Secret),
        Between("\0", 1, Secret),
        Between(":", 2, Convert.ToHexString(Bytes)),
        Between(" ", 2, Convert.ToHexStringLower(Bytes)),
        Between("\n", 7, Convert.ToHexString(Bytes)),
        BitConverter.ToString(Bytes),
        Each(each => $"0x{each:X2}, "),
        Each(each => $"{each}, "),
        Each(each => $"\\x{each:x2}"),
        Each(each => $"\\{Convert.ToString(each, 8).PadLeft(3, '0')}"),
        Each(each => $"%u{(int)each:X4}"),
        Each(each => $"\\u{(int)each:x4}"),
        Each(each => $"\\u{{{(int)each:x}}}"),
        Each(each => $"\\U{(int)each:X8}"),
        Each(each => $"&#{(int)each:D3}"),
        Each(each => $"&#x{each:x2};"),
        Each(each => $"={each:X2}"),
        Each(each => $"%{each:x2}%00"),
        Base32("", Bytes),
        Base32("user:", Bytes),
        Base32("ab", Bytes).ToLowerInvariant(),
        Between("\n", 6, Convert.ToBase64String(Bytes)),
        Between(" ", 4, Convert.ToBase64String([.. "ab:"u8, .. Bytes])),
        Convert.ToBase64String(Encoding.Unicode.GetBytes(Secret)));

    static string Between(string separator, int size, string text) =>
        string.Join(separator, text.Chunk(size).Select(piece => new string(piece)));

    static string Each(Func<byte, string> written) => string.Concat(Bytes.Select(written));

    // An oracle of its own: RFC 4648, without padding.
    static string Base32(string before, byte[] bytes)
    {
        var bits = string.Concat(Encoding.UTF8.GetBytes(before).Concat(bytes).Select(each => Convert.ToString(each, 2).PadLeft(8, '0')));
        return string.Concat(
            bits.Chunk(5).Select(five => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[Convert.ToInt32(new string(five).PadRight(5, '0'), 2)]));
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_secret_that_a_server_repeats_is_cut_out_in_every_form(string form)
    {
        Redaction.Remember(Secret);

        var shown = ForeignText.Clean($"no such token: {form} (401)").ToString();

        shown.Should().StartWith("no such token: ").And.EndWith(" (401)").And.Contain("***");
        shown["no such token: ".Length..^" (401)".Length].Replace("***", "", StringComparison.Ordinal).Length.Should().BeLessThan(12);
    }

    [Fact]
    public void A_secret_across_the_end_of_what_is_shown_is_cut_out_before_the_text_is_cut()
    {
        Redaction.Remember("across-The-End-0123456789");

        ForeignText.Clean(new string('x', 190) + "across-The-End-0123456789").ToString().Should().Be(new string('x', 190) + "***");
    }

    [Fact]
    public void One_segment_of_an_address_is_cut_out_of_the_words_of_others()
    {
        Redaction.RememberAddress("/services/T024B7/B0xq9/GkP81mZz0/event");

        ForeignText.Clean("Cannot POST GkP81mZz0").ToString().Should().Be("Cannot POST ***");
        ForeignText.Clean("the services are out of order").ToString().Should().Be("the services are out of order");
    }

    [Fact]
    public async Task An_address_of_many_words_is_looked_through_in_no_time()
    {
        Redaction.RememberAddress($"{string.Concat(Enumerable.Repeat("many-", 60))}Words");

        var looking = Task.Run(() => Redaction.RedactForeign("at many-many-many-Words"), TestContext.Current.CancellationToken);

        await looking.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_word_of_an_address_is_never_cut_out_of_our_own_words()
    {
        Redaction.RememberAddress("opcollector");

        Redaction.Redact("run opcollector check").Should().Be("run opcollector check");
    }

    [Fact]
    public void A_password_of_words_leaves_the_words_of_others_readable()
    {
        Redaction.Remember("correct horse battery staple");

        ForeignText.Clean("Incorrect One-Time Password").ToString().Should().Be("Incorrect One-Time Password");
        ForeignText.Clean("wrong: correct horse battery staple").ToString().Should().Be("wrong: ***");
    }

    [Theory]
    [InlineData("correct  horse\tbattery   staple")]
    [InlineData("correct horse\r\n battery staple")]
    [InlineData("correct\u00A0horse battery\u200B staple")]
    [InlineData("correct, horse, battery, staple")]
    [InlineData("correct%20%20horse+battery%0Astaple")]
    public void A_password_of_words_is_cut_out_whatever_stands_between_them(string form)
    {
        Redaction.Remember("correct horse battery staple");

        ForeignText.Clean($"wrong: {form}!").ToString().Should().Be("wrong: ***!");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_body_in_UTF16_is_readable_and_shows_no_secret(bool isBigEndian)
    {
        Redaction.Remember(Secret);
        var encoding = new UnicodeEncoding(isBigEndian, byteOrderMark: true);
        var body = encoding.GetBytes($"no such token: {Secret} (401)");

        ForeignText.Clean(body).ToString().Should().Be("no such token: *** (401)");
        ForeignText.Clean([.. encoding.Preamble, .. body]).ToString().Should().EndWith("no such token: *** (401)");
    }

    [Theory]
    [InlineData("collector@acme.example: mailbox is full")]
    [InlineData("siem.acme.example:8088 refused (connection 1 of 12)")]
    [InlineData("{\"took\":30,\"errors\":true,\"items\":[{\"create\":{\"_id\":\"3190218367\",\"status\":400}}]}")]
    [InlineData("index logs-1password.audit_events-default is read-only; 2026-11-29T19:53:19.123456Z")]
    [InlineData("Invalid character '\u00e9' at line 12, column 3 = 15 of 0x1F")]
    [InlineData("the quick brown fox jumps over the lazy dog")]
    [InlineData("fe80::1ff:fe23:4567:890a 192.0.2.17 5a:71:37:2b")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e BFAD6A6C-7F6B-4B4E-9A5E-1D2C3B4A5F60")]
    public void What_is_no_secret_stays_as_it_is(string text)
    {
        Redaction.Remember(Secret);
        Redaction.Remember("collector@acme.example:Hw3-Qm8-Vx1-Tz6");
        Redaction.Remember("correct horse battery staple");
        Redaction.Remember("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhY21lIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg");
        Redaction.RememberAddress("/services/T024B7/B0xq9/GkP81mZz0/event");

        ForeignText.Clean(text).ToString().Should().Be(text);
    }

    [Fact]
    public async Task A_long_text_of_others_is_looked_through_in_no_time()
    {
        Redaction.Remember($"ops_{string.Concat(Enumerable.Range(0, 400).Select(number => $"{(number * 7919) % 1000:X3}"))}");
        var text = string.Concat(Enumerable.Repeat("\\u0026%u005a&#x41; =5A ", 4000));

        var looking = Task.Run(
            () => Enumerable.Range(0, 20).Select(_ => ForeignText.Clean(text)).Last(), TestContext.Current.CancellationToken);

        await looking.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("mnbvcxzl.kjhgfdsa.poiuytre", "mnbvcxzl.kjhgf")]
    [InlineData("mnbvcxzl.kjhgfdsa.poiuytre", "gfdsa.poiuytre")]
    [InlineData("lkjhmnbvgfdsxcvbnq", "lkjhmnbvgfdsxc")]
    [InlineData("qwzx_asdf-hgvb.nmlk.poe", "asdf-hgvb.nm")]
    public void A_token_of_small_letters_alone_is_cut_out_in_part_too(string secret, string part)
    {
        Redaction.Remember(secret);

        ForeignText.Clean($"no such token: {part} (401)").ToString().Should().Be("no such token: *** (401)");
    }

    [Theory]
    [InlineData("proxyconnect tcp: socks5://svc-user-0123@proxy.example:3128: no", "proxyconnect tcp: socks5://***@proxy.example:3128: no")]
    [InlineData("407 for svc-user-0123.", "407 for ***.")]
    [InlineData("see svc-user-0123.example and x@svc-user-0123", "see svc-user-0123.example and x@svc-user-0123")]
    public void A_word_of_an_address_is_cut_out_where_it_stands_alone(string text, string shown)
    {
        Redaction.RememberAddress("svc-user-0123");

        ForeignText.Clean(text).ToString().Should().Be(shown);
    }

    [Fact]
    public void Of_an_address_that_others_name_only_the_host_stays()
    {
        Redaction.Remember("siem.example/hook/abc?key=1");
        Redaction.RememberAddress("example");
        ForeignText.Clean("see https://siem.example/hook/abc?key=1 and http://other.example#x").ToString()
            .Should().Be("see https://siem.example and http://other.example");
    }
}
