using System.Security.Cryptography;

namespace OpCollector.Tests;

public sealed class DigestSpecs
{
    [Fact]
    public void It_is_what_the_platform_makes_of_the_same_bytes_at_every_length()
    {
        var bytes = new byte[100_000];
        new Random(1).NextBytes(bytes);

        foreach (var length in Enumerable.Range(0, 300).Append(bytes.Length))
        {
            var some = bytes.AsSpan(0, length);
            Digest.Compute(some).Should().Be(Convert.ToHexStringLower(SHA256.HashData(some)), "{0} bytes", length);
            Digest.ComputeBytes(some).Should().Equal(SHA256.HashData(some));
        }
    }
}
