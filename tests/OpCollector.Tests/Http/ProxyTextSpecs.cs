using System.Net;
using System.Reflection;
using OpCollector.Http;

namespace OpCollector.Tests;

/// <summary>Addresses of proxies as people write them into the environment: what .NET reads is read, the rest has a reason.</summary>
public sealed class ProxyTextSpecs
{
    static readonly MethodInfo DotNet = typeof(HttpClient).Assembly.GetType("System.Net.Http.HttpEnvironmentProxy")!
        .GetMethod("GetUriFromString", BindingFlags.Static | BindingFlags.NonPublic)!;

    [Theory]
    [InlineData("proxy", "http://proxy:80")]
    [InlineData("proxy:3128", "http://proxy:3128")]
    [InlineData("http://proxy:3128", "http://proxy:3128")]
    [InlineData("HTTP://proxy:3128/", "http://proxy:3128")]
    [InlineData("http://proxy:3128 ", "http://proxy:3128")]
    [InlineData("http://proxy:3128/path", "http://proxy:3128")]
    [InlineData("https://proxy", "https://proxy:443")]
    [InlineData("https://proxy:8443", "https://proxy:8443")]
    [InlineData("socks4://proxy:1080", "socks4://proxy:1080")]
    [InlineData("SOCKS4a://proxy:1080", "socks4a://proxy:1080")]
    [InlineData("socks5://proxy:1080", "socks5://proxy:1080")]
    [InlineData("[2001:db8::7]:3128", "http://[2001:db8::7]:3128")]
    [InlineData("http://[2001:db8::7]", "http://[2001:db8::7]:80")]
    [InlineData("10.0.0.1:3128", "http://10.0.0.1:3128")]
    [InlineData("bücher.example:3128", "http://bücher.example:3128")]
    [InlineData("@proxy:3128", "http://proxy:3128")]
    public void An_address_may_be_short(string text, string meaning)
    {
        ProxyText.Parse(text).Succeeded(out var proxy, out _).Should().BeTrue();

        Said(proxy!.Address!).Should().Be(meaning);
        proxy.Credentials.Should().BeNull();
    }

    [Theory]
    [InlineData("collector:hush@proxy:3128", "collector", "hush", "")]
    [InlineData("http://collector:hu%40sh@proxy:3128", "collector", "hu@sh", "")]
    [InlineData("http://collector:hu@s#h/?@proxy:3128", "collector", "hu@s#h/?", "")]
    [InlineData("http://collector:hu:sh@proxy:3128", "collector", "hu:sh", "")]
    [InlineData("collector:h://ush@proxy:3128", "collector", "h://ush", "")]
    [InlineData("https://collector@proxy", "collector", "", "")]
    [InlineData("socks5://acme%5Ccollector:hush@proxy:1080", "collector", "hush", "acme")]
    public void A_user_and_a_password_may_be_encoded_or_not(string text, string user, string password, string domain)
    {
        ProxyText.Parse(text).Succeeded(out var proxy, out _).Should().BeTrue();

        proxy!.Address!.UserInfo.Should().BeEmpty();
        proxy.Credentials.Should().BeOfType<NetworkCredential>()
            .Which.Should().Match<NetworkCredential>(who => who.UserName == user && who.Password == password && who.Domain == domain);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:1", "has another scheme than http, https")]
    [InlineData("socks5h://collector:hush@proxy:1080", "has another scheme than http, https")]
    [InlineData("http://127.0.0.1:999999", "has no port up to 65535")]
    [InlineData("proxy:", "has no port up to 65535")]
    [InlineData("collector:hush", "has no port up to 65535")]
    [InlineData("http://", "names no host")]
    [InlineData("collector:hush@@@", "names no host")]
    [InlineData("//proxy:3128", "names no host")]
    [InlineData("proxy corp", "holds a blank")]
    [InlineData(" http://127.0.0.1:3128 ", "holds a blank")]
    [InlineData("\t", "holds a blank")]
    public void What_is_none_has_a_reason_that_repeats_nothing_of_it(string text, string reason)
    {
        ProxyText.Parse(text).Succeeded(out _, out var fault).Should().BeFalse();

        fault.Should().StartWith(reason).And.NotContain("hush");
    }

    [Fact]
    public void What_DotNet_reads_is_read_in_the_same_way_unless_it_names_another_scheme()
    {
        string[] parts =
        [
            "http://", "HTTPS://", "socks5://", "socks4a://", "u:w", "u", "%41", "@", "@", ":", ":", "//", "/", "proxy", "10.0.0.1",
            "[::1]", "3128", "0", "65536", " ", "#", "?", "x", ".", "-",
        ];
        var random = new Random(Seeds.Draw());
        var read = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => parts[random.Next(parts.Length)]));
            if (DotNet.Invoke(null, [text]) is not Uri { Host.Length: > 0 } theirs || NamesAnotherScheme(text))
            {
                continue;
            }

            read++;
            ProxyText.Parse(text).Succeeded(out var ours, out var fault).Should().BeTrue("{0} is an address; {1}", text, fault);
            Said(ours!.Address!).Should().Be(Said(theirs), "of {0}", text);
        }

        read.Should().BeGreaterThan(1000);
    }

    // .NET takes the scheme for the name of a user, where one is behind it.
    static bool NamesAnotherScheme(string text) => text.Split("://") is [var scheme, _, ..]
        && scheme.Length > 0 && scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-') && char.IsAsciiLetter(scheme[0])
        && scheme.ToLowerInvariant() is not ("http" or "https" or "socks4" or "socks4a" or "socks5");

    static string Said(Uri address) => $"{address.Scheme}://{address.Host}:{address.Port}";
}
