using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>What the words of op mean: every message that was seen or has to be reckoned with.</summary>
[Collection(SerialCollection.Name)]
[Trait(Fast.Trait, Fast.Name)]
public sealed class OpFailureSpecs
{
    const string NotSignedIn = "You are not currently signed in. Please run `op signin --help` for instructions";

    public OpFailureSpecs() => KnownSecrets.Forget();

    static OpAnswer Zero(string text, int exitCode) => new(exitCode, default, $"[LOG] 2026/11/22 06:15:48 (ERROR) {text}\n");

    static OpAnswer One(string text) => new(1, default, $"[ERROR] 2026/11/22 06:15:48 {text}\n");

    static (string Kind, int Code) Told(OpFailure failure) => (failure.Kind.ToString(), (int)failure.Code);

    [Theory]
    [InlineData(NotSignedIn, "NotSignedIn", 77)]
    [InlineData("Your session expired, sign in to create a new session", "SessionEnded", 77)]
    [InlineData("Invalid session token", "SessionEnded", 77)]
    [InlineData("401: Authentication required.", "SessionEnded", 77)]
    [InlineData("401: Not authenticated.", "SessionEnded", 77)]
    [InlineData("cipher: message authentication failed", "SessionEnded", 77)]
    [InlineData("Account not found", "Stop", 78)]
    [InlineData(
        "No saved device ID. Set the OP_DEVICE environment variable and try again: `export OP_DEVICE=z5fzyh26wmo6xhved5lpvj2xwy`",
        "Stop",
        78)]
    [InlineData(
        "Can't continue. We can't safely access \"/home/x/.op\" because its permissions are too broad. Change its permissions to 700 and try again.",
        "Stop",
        78)]
    [InlineData(
        "Can't continue. We can't safely access \"/home/x\" because it's not owned by the current user. Change the owner or logged in user and try again",
        "Stop",
        78)]
    [InlineData("445: Deprecated API. Update to the latest version.", "Stop", 69)]
    [InlineData("unknown command \"list\" for \"op\"", "Stop", 78)]
    [InlineData("403: Forbidden", "Stop", 77)]
    [InlineData(
        "(429) Too Many Requests: You've reached the maximum number of this type of requests this service account is allowed to make. Please retry in 58 minutes or try other requests.",
        "Throttled",
        69)]
    [InlineData("429: Too Many Requests", "Throttled", 69)]
    [InlineData("500: Internal Server Error", "Retry", 69)]
    [InlineData("503: ", "Retry", 69)]
    [InlineData("Get \"https://acme.1password.com/api/v2/auth/methods\": dial tcp: lookup acme.1password.com: no such host", "Retry", 69)]
    [InlineData(
        "Get \"https://acme.1password.com/api/v1/auditevents/0/older\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
        "Retry",
        69)]
    [InlineData("dial tcp 10.0.0.1:443: i/o timeout", "Retry", 69)]
    [InlineData("Get \"https://acme.1password.com/api/v2/auth/methods\": x509: certificate signed by unknown authority", "Stop", 78)]
    [InlineData("\"X\" doesn't seem to be a user in this account. Specify the user with their UUID, email address, or name.", "Stop", 69)]
    public void A_list_call_of_1_x_that_failed_means_what_it_says(string text, string kind, int code)
    {
        Told(OpFailure.ClassifyCall(One(text))).Should().Be((kind, code));
    }

    [Theory]
    [InlineData(1, NotSignedIn, "NotSignedIn", 77)]
    [InlineData(145, "401: Authentication required.", "SessionEnded", 77)]
    [InlineData(145, "401: ", "SessionEnded", 77)]
    [InlineData(1, "cipher: message authentication failed", "SessionEnded", 77)]
    [InlineData(144, "400: ", "Stop", 69)]
    [InlineData(146, "402: ", "Stop", 69)]
    [InlineData(147, "403: ", "Stop", 77)]
    [InlineData(147, "an explanation of the server's", "Stop", 77)]
    [InlineData(148, "404: ", "Stop", 69)]
    [InlineData(152, "408: ", "Retry", 69)]
    [InlineData(153, "409: ", "Stop", 69)]
    [InlineData(173, "429: ", "Throttled", 69)]
    [InlineData(173, "slow down, please", "Throttled", 69)]
    [InlineData(189, "445: Deprecated API. Update to the latest version.", "Stop", 69)]
    [InlineData(189, "an explanation of the server's", "Stop", 69)]
    [InlineData(244, "500: ", "Retry", 69)]
    [InlineData(246, "502: ", "Retry", 69)]
    [InlineData(247, "503: ", "Retry", 69)]
    [InlineData(248, "504: ", "Retry", 69)]
    [InlineData(0, "512: ", "Retry", 69)]
    [InlineData(
        1,
        "Get https://acme.1password.com/api/v1/auditevents/1/newer: read tcp 10.0.0.1:5->10.0.0.2:443: read: connection reset by peer",
        "Retry",
        69)]
    [InlineData(1, "Get https://acme.1password.com/api/v1/auditevents/1/newer: EOF", "Retry", 69)]
    [InlineData(1, "Get https://acme.1password.com/api/v1/auditevents/1/newer: unexpected EOF", "Retry", 69)]
    [InlineData(
        1, "Get https://acme.1password.com/api/v1/auditevents/1/newer: dial tcp 10.0.0.2:443: getsockopt: connection refused", "Retry", 69)]
    [InlineData(
        1,
        "Get https://acme.1password.com/api/v1/auditevents/1/newer: dial tcp 10.0.0.2:443: connect: network is unreachable",
        "Retry",
        69)]
    [InlineData(1, "dial tcp: lookup acme.1password.com on 10.0.0.53:53: server misbehaving", "Retry", 69)]
    [InlineData(1, "Get https://acme.1password.com/api/v1/auditevents/1/newer: net/http: TLS handshake timeout", "Retry", 69)]
    [InlineData(
        1,
        "Get https://acme.1password.com/api/v1/auditevents/1/newer: proxyconnect tcp: dial tcp 10.0.0.3:3128: getsockopt: connection refused",
        "Retry",
        69)]
    [InlineData(1, "Get https://acme.1password.com/api/v1/auditevents/1/newer: x509: certificate signed by unknown authority", "Stop", 78)]
    [InlineData(1, "x509: certificate is valid for proxy.example, not acme.1password.com", "Stop", 78)]
    [InlineData(1, "invalid character '<' looking for beginning of value", "Retry", 69)]
    [InlineData(1, "unexpected end of JSON input", "Retry", 69)]
    [InlineData(1, "Missing argument: direction", "Stop", 78)]
    [InlineData(1, "Missing argument: event id", "Stop", 78)]
    [InlineData(1, "open /home/collector/.op/config: permission denied", "Stop", 78)]
    public void A_list_call_of_0_x_that_failed_means_what_it_says(int exitCode, string text, string kind, int code)
    {
        Told(OpFailure.ClassifyCall(Zero(text, exitCode))).Should().Be((kind, code));
    }

    [Theory]
    [InlineData("Authentication: DB: 401: Unauthorized", "Refused", 77)]
    [InlineData("401: Authentication required.", "Refused", 77)]
    [InlineData("Incorrect One-Time Password length. Expected 6.", "Refused", 77)]
    [InlineData("Account not found", "Stop", 78)]
    [InlineData(
        "No saved device ID. Set the OP_DEVICE environment variable and try again: `export OP_DEVICE=z5fzyh26wmo6xhved5lpvj2xwy`",
        "Stop",
        78)]
    [InlineData(
        "Can't continue. We can't safely access \"/home/x/.op\" because its permissions are too broad. Change its permissions to 700 and try again.",
        "Stop",
        78)]
    [InlineData("445: Deprecated API. Update to the latest version.", "Stop", 69)]
    [InlineData("429: Too Many Requests", "Throttled", 69)]
    [InlineData("503: Service Unavailable", "Retry", 69)]
    [InlineData("dial tcp: lookup acme.1password.com: no such host", "Retry", 69)]
    public void A_sign_in_of_1_x_that_failed_means_what_it_says(string text, string kind, int code)
    {
        Told(OpFailure.ClassifySignIn(One(text))).Should().Be((kind, code));
    }

    [Theory]
    [InlineData(145, "401: Authentication required.", "Refused", 77)]
    [InlineData(145, "401: ", "Refused", 77)]
    [InlineData(1, "Login failed. Please verify your email address and secret key.", "Refused", 77)]
    [InlineData(1, "Incorrect One-Time Password length. Expected 6.", "Refused", 77)]
    [InlineData(1, "Account other has never been signed into on this device, run 'op signin --help' for instructions", "Stop", 78)]
    [InlineData(1, "Missing argument: secret key", "Stop", 78)]
    [InlineData(1, "open /home/collector/.op/config: permission denied", "Stop", 78)]
    [InlineData(189, "445: Deprecated API. Update to the latest version.", "Stop", 69)]
    [InlineData(173, "429: ", "Throttled", 69)]
    [InlineData(247, "503: ", "Retry", 69)]
    [InlineData(
        1,
        "Get https://acme.1password.com/api/v2/auth/user@example.com/A3/ABCDEF/z5fz: dial tcp 10.0.0.2:443: getsockopt: connection refused",
        "Retry",
        69)]
    public void A_sign_in_of_0_x_that_failed_means_what_it_says(int exitCode, string text, string kind, int code)
    {
        Told(OpFailure.ClassifySignIn(Zero(text, exitCode))).Should().Be((kind, code));
    }

    [Theory]
    [InlineData(
        "Please enter your password for user user@example.com at acme.1password.com: [LOG] 2026/11/22 06:15:48 (ERROR) inappropriate ioctl for device\n",
        "inappropriate ioctl for device")]
    [InlineData(
        "Enter your six-digit authentication code: [LOG] 2019/03/17 12:53:25 (ERROR) Incorrect One-Time Password length. Expected 6.",
        "Incorrect One-Time Password length. Expected 6.")]
    [InlineData(
        "Using configuration at non-standard location \"/x\"\n[ERROR] 2021/04/01 17:14:32 Account not found\n", "Account not found")]
    [InlineData("[LOG] 2020/05/08 01:06:39 (ERROR)  401: Authentication required.\n", "401: Authentication required.")]
    [InlineData("[LOG] 2020/05/08 01:06:39 (ERROR) 400: one\ntwo\r\n\tthree\u001b[31m\n", "400: one two three [31m")]
    [InlineData("panic: runtime error\n\ngoroutine 1 [running]:\n", "panic: runtime error")]
    [InlineData("", "failed with exit code 7")]
    public void The_words_of_op_are_told_in_one_line_without_what_is_around_them(string errors, string text)
    {
        OpFailure.ClassifySignIn(new OpAnswer(7, default, errors)).Text.Should().Be(text);
    }

    [Theory]
    [InlineData(
        "Get https://acme.example/api/v2/auth/user@example.com/A3/ABCDEF/z5fz?email=user@example.com: EOF", "Get https://acme.example EOF")]
    [InlineData("Get \"https://acme.example/api/v2/auth/user@example.com/A3/ABCDEF/z5fz\": EOF", "Get \"https://acme.example\": EOF")]
    public void An_address_is_told_without_its_path(string text, string told)
    {
        OpFailure.ClassifySignIn(One(text)).Text.Should().Be(told);
    }

    [Fact]
    public void A_long_text_is_cut()
    {
        OpFailure.ClassifyCall(One(new string('x', 10_000))).Text.Length.Should().BeLessThan(310);
    }

    [Theory]
    [InlineData("401: Authentication required.", "Refused", "SessionEnded")]
    [InlineData("Authentication: DB: 401: Unauthorized", "Refused", "SessionEnded")]
    public void The_same_words_mean_another_thing_at_sign_in(string text, string atSignIn, string later)
    {
        OpFailure.ClassifySignIn(One(text)).Kind.ToString().Should().Be(atSignIn);
        OpFailure.ClassifyCall(One(text)).Kind.ToString().Should().Be(later);
    }

    [Theory]
    [InlineData("[ERROR] 2021/04/01 17:14:32 Account not found\n", true)]
    [InlineData("prompt: [LOG] 2021/04/01 17:14:32 (ERROR) x\n", true)]
    [InlineData("[LOG] 2021/04/01 17:14:32 (INFO) x\n", false)]
    [InlineData("Using configuration at non-standard location \"/x\"\n", false)]
    [InlineData("Enter your six-digit authentication code: ", false)]
    [InlineData("", false)]
    public void Only_an_error_line_is_an_error(string errors, bool isTold)
    {
        OpFailure.IsReported(errors).Should().Be(isTold);
    }

    [Fact]
    public void A_failure_says_the_command_the_words_and_what_to_do()
    {
        var failure = OpFailure.ClassifyCall(One("403: Forbidden")).ToFailure("op list events");

        failure.Code.Should().Be(ExitCode.Refused);
        failure.Message.Should().StartWith("op list events: 403: Forbidden; ").And.Contain("View Administrative Sidebar");
    }
}
