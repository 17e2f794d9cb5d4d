using OpCollector.Http;

namespace OpCollector.Tests;

/// <summary><c>no_proxy</c> as curl and its kin understand it: which hosts are asked without a proxy.</summary>
public sealed class NoProxySpecs
{
    [Theory]
    [InlineData("siem.example", null, true)]
    [InlineData("siem.example", "other.example", true)]
    [InlineData("other.example", "siem.example", false)]
    [InlineData("", "siem.example", true)]
    [InlineData(null, "siem.example", true)]
    [InlineData(null, null, false)]
    public void Small_letters_come_first(string? small, string? capital, bool isExcepted)
    {
        var environment = Set(Set(EnvironmentVariables.None, "no_proxy", small), "NO_PROXY", capital);

        NoProxy.Read(environment).Has(new Uri("https://siem.example")).Should().Be(isExcepted);
    }

    [Theory]
    [InlineData("*", "https://siem.example")]
    [InlineData("*", "https://192.0.2.1")]
    [InlineData("a.example, *", "https://siem.example")]
    [InlineData("siem.example", "https://siem.example")]
    [InlineData("SIEM.Example", "https://siem.example")]
    [InlineData("siem.example", "https://SIEM.EXAMPLE.")]
    [InlineData("corp.example", "https://siem.corp.example")]
    [InlineData(".corp.example", "https://siem.corp.example")]
    [InlineData(".corp.example", "https://corp.example")]
    [InlineData("corp.example.", "https://siem.corp.example")]
    [InlineData("*.corp.example", "https://siem.corp.example")]
    [InlineData("a.example corp.example\tb.example", "https://siem.corp.example")]
    [InlineData(" a.example ,, corp.example ", "https://siem.corp.example")]
    [InlineData("siem.example:80", "http://siem.example")]
    [InlineData("siem.example:8088", "https://siem.example:8088")]
    [InlineData("*.corp.example:8088", "https://siem.corp.example:8088")]
    [InlineData("192.0.2.1", "http://192.0.2.1:8088")]
    [InlineData("192.0.2.1:8088", "http://192.0.2.1:8088")]
    [InlineData("192.0.2.0/24", "http://192.0.2.77")]
    [InlineData("192.0.2.77/24", "http://192.0.2.1")]
    [InlineData("10.0.0.0/8,172.16.0.0/12", "http://172.31.255.254")]
    [InlineData("0.0.0.0/0", "http://192.0.2.77")]
    [InlineData("2001:db8::/32", "http://[2001:db8:1::7]:9200")]
    [InlineData("[2001:db8::7]", "http://[2001:DB8::7]")]
    [InlineData("2001:db8::7", "http://[2001:db8::7]")]
    [InlineData("[2001:db8::7]:9200", "http://[2001:db8::7]:9200")]
    [InlineData("xn--bcher-kva.example", "https://bücher.example")]
    public void A_host_that_is_listed_is_asked_itself(string list, string address) =>
        NoProxy.Parse(list).Has(new Uri(address)).Should().BeTrue();

    [Theory]
    [InlineData("", "https://siem.example")]
    [InlineData(",", "https://siem.example")]
    [InlineData(".", "https://siem.example")]
    [InlineData("corp.example", "https://evilcorp.example")]
    [InlineData("*.corp.example", "https://evilcorp.example")]
    [InlineData("*corp.example", "https://siem.corp.example")]
    [InlineData("*corp.example", "https://evilcorp.example")]
    [InlineData("**", "https://siem.example")]
    [InlineData("siem.*", "https://siem.example")]
    [InlineData("siem.corp.example", "https://corp.example")]
    [InlineData("example.corp", "https://example.corp.evil")]
    [InlineData("siem.example:80", "https://siem.example")]
    [InlineData("siem.example:443", "https://siem.example:8443")]
    [InlineData("192.0.2.1", "http://192.0.2.10")]
    [InlineData("2.1", "http://192.0.2.1")]
    [InlineData("192.0.2.0/24", "http://192.0.3.1")]
    [InlineData("192.0.2.0/33", "http://192.0.2.0")]
    [InlineData("192.0.2.0/x", "http://192.0.2.0")]
    [InlineData("10/8", "http://10.1.2.3")]
    [InlineData("192.0.2.0/24", "http://192.0.2.1.example")]
    [InlineData("2001:db8::/32", "http://[2001:db9::1]")]
    [InlineData("::/0", "http://192.0.2.1")]
    [InlineData("[2001:db8::7]:9200", "http://[2001:db8::7]:9300")]
    public void Any_other_goes_through_the_proxy(string list, string address) =>
        NoProxy.Parse(list).Has(new Uri(address)).Should().BeFalse();

    static EnvironmentVariables Set(EnvironmentVariables environment, string name, string? value) =>
        value is null ? environment : environment.With(name, value);
}
