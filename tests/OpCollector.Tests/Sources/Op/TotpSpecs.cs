using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>The one-time codes of RFC 6238.</summary>
public sealed class TotpSpecs
{
    // The ASCII key 12345678901234567890 of the RFC's appendix B.
    const string Secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void A_code_is_that_of_the_standard(long seconds, string code)
    {
        OneTimeCode.Code(Secret, OneTimeCode.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))).Should().Be(code);
    }

    [Theory]
    [InlineData("gezdgnbvgy3tqojqgezdgnbvgy3tqojq")]
    [InlineData("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ")]
    [InlineData("gezd-gnbv-gy3t-qojq-gezd-gnbv-gy3t-qojq")]
    [InlineData("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====")]
    public void A_secret_is_read_as_people_copy_it(string secret)
    {
        OneTimeCode.Code(secret, 1).Should().Be("287082");
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("GEZDGNBV0")]
    [InlineData("GEZDGNBV1")]
    [InlineData("otpauth://totp/acme?secret=GEZDGNBV")]
    [InlineData("GEZDGNBVÄ")]
    public void What_is_no_base32_gives_no_code(string secret)
    {
        OneTimeCode.Code(secret, 1).Should().BeNull();
    }

    [Fact]
    public void A_step_lasts_thirty_seconds()
    {
        var start = OneTimeCode.StartOf(7);

        start.Should().Be(DateTimeOffset.FromUnixTimeSeconds(210));
        OneTimeCode.StepAt(start).Should().Be(7);
        OneTimeCode.StepAt(start.AddSeconds(29.9)).Should().Be(7);
        OneTimeCode.StepAt(start.AddSeconds(-0.1)).Should().Be(6);
    }
}
