using System.Security.Authentication;
using SiemEmulator;
using SiemEmulator.Receivers;
using SiemEmulator.Tls;

namespace OpCollector.Tests;

/// <summary>The emulated receivers' TLS is good when it should be, and bad in exactly the way that was asked for.</summary>
public sealed class SiemEmulatorTlsSpecs
{
    [Fact]
    public async Task A_client_that_knows_the_authority_is_served()
    {
        using var siem = Secure(TlsKind.Good);

        siem.Url.Should().MatchRegex(@"^https://localhost:\d+/hook$");
        (await Sender.SecurelyAsync(siem)).Should().Be(200);
        siem.Accepted.Should().Equal("1");
    }

    [Fact]
    public async Task A_client_that_does_not_know_the_authority_goes_away()
    {
        using var siem = Secure(TlsKind.Good);
        var sending = async () => await Sender.PostAsync(siem, """[{"eid":1}]""");

        (await sending.Should().ThrowAsync<HttpRequestException>()).WithInnerException<AuthenticationException>();
        siem.Requests.Should().BeEmpty();
    }

    [Theory]
    [InlineData(TlsKind.Expired, "NotTimeValid")]
    [InlineData(TlsKind.NotYetValid, "NotTimeValid")]
    [InlineData(TlsKind.WrongHost, "RemoteCertificateNameMismatch")]
    [InlineData(TlsKind.SelfSigned, "UntrustedRoot")]
    [InlineData(TlsKind.UnknownAuthority, "PartialChain")]
    public async Task A_bad_certificate_is_bad_in_one_way_only(object kind, string how)
    {
        using var siem = Secure((TlsKind)kind);
        var sending = async () => await Sender.SecurelyAsync(siem);

        (await sending.Should().ThrowAsync<HttpRequestException>()).WithInnerException<AuthenticationException>().WithMessage($"*: {how}*");
        siem.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_client_certificate_is_asked_for_and_looked_at()
    {
        using var siem = Secure(TlsKind.ClientCertificateRequired);
        var without = async () => await Sender.SecurelyAsync(siem);
        var stranger = async () => await Sender.SecurelyAsync(siem, siem.Tls.Stranger, siem.Tls.StrangerKey);

        (await Sender.SecurelyAsync(siem, siem.Tls.Client, siem.Tls.ClientKey)).Should().Be(200);
        await without.Should().ThrowAsync<HttpRequestException>();
        await stranger.Should().ThrowAsync<HttpRequestException>();

        siem.Accepted.Should().Equal("1");
        await Until.IsAsync(() => siem.FailedHandshakes == 2, "two handshakes failed");
        File.GetUnixFileMode(siem.Tls.ClientKey).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_handshake_stalls()
    {
        using var siem = Secure(TlsKind.HandshakeStalls);
        var sending = async () => await Sender.SecurelyAsync(siem);

        (await sending.Should().ThrowAsync<Exception>())
            .Which.Should()
            .Match(ex => ex is TaskCanceledException || ex is HttpRequestException);
        siem.Connections.Should().BePositive();
    }

    [Fact]
    public async Task Plain_HTTP_is_spoken_where_TLS_is_expected()
    {
        using var siem = Secure(TlsKind.PlainHttp);
        var sending = async () => await Sender.SecurelyAsync(siem);

        (await sending.Should().ThrowAsync<HttpRequestException>()).WithInnerException<AuthenticationException>();
        (await Sender.RawAsync(siem, Sender.Request(siem, """[{"eid":1}]"""))).Should().StartWith("HTTP/1.1 200 ");
    }

    [Fact]
    public async Task Old_TLS_is_too_old_for_a_client_of_today()
    {
        using var siem = Secure(TlsKind.Old);
        var sending = async () => await Sender.SecurelyAsync(siem);

        (await sending.Should().ThrowAsync<HttpRequestException>()).WithInnerException<AuthenticationException>();
        await Until.IsAsync(() => siem.FailedHandshakes > 0, "the handshake failed");
        siem.Requests.Should().BeEmpty();
    }

    [Fact]
    public void The_files_go_with_the_receiver()
    {
        string authority;
        using (var siem = Secure(TlsKind.Good))
        {
            authority = siem.Tls.Authority;
            File.Exists(authority).Should().BeTrue();
        }

        File.Exists(authority).Should().BeFalse();
    }

    static Siem Secure(TlsKind kind) => new(new ArrayOfObjects(), tls: kind);
}
