using System.Net.Sockets;
using System.Security.Authentication;
using OpCollector.Http;

namespace OpCollector.Tests;

/// <summary>What an error of the system means, in a few words that quote nothing.</summary>
public sealed class SystemErrorSpecs
{
    [Fact]
    public void A_file_that_is_not_there_is_that()
    {
        SystemError.Describe(Caught(() => File.ReadAllBytes("/nowhere/at\u001b[2J/all"))).Should().Be("No such file or directory");
        SystemError.Describe(Caught(() => File.ReadAllBytes("/nowhere"))).Should().Be("No such file or directory");
    }

    [Fact]
    public void A_directory_is_no_file() =>
        SystemError.Describe(Caught(() => File.ReadAllBytes("/tmp")), "/tmp").Should().Be("Is a directory");

    [Fact]
    public void What_is_full_is_full()
    {
        using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        SystemError.Describe(Caught(() => full.WriteByte(1))).Should().Be("No space left on device");
    }

    [Fact]
    public void A_name_that_is_too_long_is_that() =>
        SystemError.Describe(Caught(() => File.ReadAllBytes($"/tmp/{new string('x', 5000)}"))).Should().Be("File name too long");

    [Theory]
    [InlineData(13, "Permission denied")]
    [InlineData(30, "Read-only file system")]
    [InlineData(40, "Too many levels of symbolic links")]
    [InlineData(0, "Input/output error")]
    [InlineData(-5, "Input/output error")]
    [InlineData(123456, "Input/output error")]
    public void Each_number_has_its_words(int error, string words) => SystemError.Describe(error).Should().Be(words);

    [Fact]
    public void What_says_nothing_is_an_input_or_output_error() =>
        SystemError.Describe(new IOException("somebody's \u001b text")).Should().Be("Input/output error");

    [Fact]
    public void A_server_that_nobody_reaches_is_named_with_the_reason() =>
        HttpError.Describe(HttpRequestError.ConnectionError, new HttpRequestException(
            "No (siem.example:443)", new SocketException((int)SocketError.ConnectionRefused)))
            .Should().Be("Connection refused (siem.example:443)");

    [Theory]
    [InlineData(
        "The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot, NotTimeValid",
        "its certificate does not hold (NotTimeValid, UntrustedRoot)")]
    [InlineData(
        "The remote certificate is invalid according to the validation procedure: RemoteCertificateNameMismatch",
        "its certificate does not hold (RemoteCertificateNameMismatch)")]
    [InlineData("error:0A00045C:SSL routines::tlsv13 alert certificate required", "the TLS alert certificate required")]
    [InlineData("something else \u001b", "the TLS handshake failed")]
    public void A_handshake_that_fails_is_told_by_its_flags_and_alerts(string said, string words) =>
        HttpError.Describe(HttpRequestError.SecureConnectionError, new HttpRequestException(
            "The SSL connection could not be established", new AuthenticationException(said)))
            .Should().Be(words);

    [Fact]
    public void What_a_server_sent_is_not_quoted() =>
        HttpError.Describe(HttpRequestError.InvalidResponse, new HttpRequestException(
            "Received an invalid status line: 'alice@acme.example \u001b[2J'."))
            .Should().Be("the answer is not HTTP");

    static Exception Caught(Action action)
    {
        try
        {
            action();
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return ex;
        }

        throw new InvalidOperationException("It went well");
    }
}
