using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace OpCollector.Tests;

/// <summary>
/// Whatever goes wrong, no secret and no part of one is printed, kept in the state directory or passed as an argument of op.
/// </summary>
public sealed class SecrecySpecs : IDisposable
{
    const string Token = "hush-siem-token-0123456789";

    // Every secret begins with one of these words, so that no part of one can be told without it.
    static readonly string[] Words = ["hush", "HUSH"];

    readonly Sandbox _host = new();
    readonly Receiver _receiver = new();
    readonly StringBuilder _told = new();

    public SecrecySpecs()
    {
        _host.Environment["OP_PASSWORD"] = "hush-password";
        _host.Environment["OP_TOTP"] = "HUSHHUSHHUSHHUSH";
        _host.Environment["SIEM_TOKEN"] = Token;
        _host.Environment["SIEM_KEY"] = "hush-header-key";
        _host.Environment["SIEM_URL"] = $"{_receiver.Url}/hush-path?key=hush-query";
        _host.Configuration["source"]!["op"]!["totpSecret"] = JsonNode.Parse("""{"env":"OP_TOTP"}""");
        _host.Configuration["source"]!["op"]!["timeout"] = "5s";
        _host.Configuration["sink"] = JsonNode.Parse("""
            {
              "type": "webhook",
              "url": { "env": "SIEM_URL" },
              "auth": { "bearer": { "env": "SIEM_TOKEN" } },
              "headers": { "X-Key": { "env": "SIEM_KEY" } }
            }
            """);
        _host.Account.With("password", "hush-password").With("totpSecret", "HUSHHUSHHUSHHUSH").Log(3);
    }

    public void Dispose()
    {
        _receiver.Dispose();
        _host.Dispose();
    }

    [Theory]
    [InlineData("collect --verbose")]
    [InlineData("collect --verbose --log-format json")]
    [InlineData("collect --dry-run --verbose")]
    [InlineData("check --verbose")]
    [InlineData("backfill --from 1000 --verbose")]
    public async Task A_run_that_succeeds_tells_no_secret(string arguments)
    {
        var exitCode = await TellAsync(arguments);

        exitCode.Should().Be(0);
        Everything().Should().NotContainAny(Secrets);
        Sessions.Should().NotBeEmpty();
    }

    [Fact]
    public async Task The_receiver_gets_them_all_the_same()
    {
        await TellAsync("collect");

        var request = _receiver.Requests.Should().ContainSingle().Which;
        request.Head.Should().StartWith("POST /hook/hush-path?key=hush-query ");
        request.Header("Authorization").Should().Be($"Bearer {Token}");
        request.Header("X-Key").Should().Be("hush-header-key");
    }

    [Theory]
    [InlineData("""{"command":"signin","do":"exit","code":1,"text":"the password hush-password is not the one of HUSHHUSHHUSHHUSH"}""", 69)]
    [InlineData("""{"command":"signin","do":"exit","code":0,"stdout":"export OP_SESSION_acme=hush-session\n"}""", 65)]
    [InlineData("""{"command":"signin","do":"http","status":401}""", 77)]
    [InlineData(
        """{"command":"list events","do":"http","status":403,"text":"Forbidden: hush-password https://acme.1password.com/api?hush-query"}""",
        77)]
    [InlineData("""{"command":"list events","do":"exit","code":1,"stderr":"panic: hush-password\nHUSHHUSHHUSHHUSH\n"}""", 69)]
    [InlineData("""{"command":"list events","do":"half"}""", 65)]
    [InlineData("""{"command":"list events","do":"html"}""", 65)]
    [InlineData("""{"command":"list events","do":"garbage"}""", 65)]
    [InlineData("""{"command":"list events","do":"exit","code":0,"stdout":"hush-password"}""", 65)]
    [InlineData("""{"command":"--version","do":"exit","code":0,"stdout":"hush-password"}""", 78)]
    [InlineData("""{"command":"signout","do":"http","status":500,"text":"hush-password"}""", 0)]
    public async Task A_failure_of_op_tells_no_secret(string fault, int expected)
    {
        _host.Account.WithFault(fault);

        var exitCode = await TellAsync("collect --verbose");
        await TellAsync("status");
        await TellAsync("checkpoint show");

        exitCode.Should().Be(expected);
        Everything().Should().NotContainAny(Secrets);
    }

    [Fact]
    public async Task A_hanging_op_tells_no_secret()
    {
        _host.Configuration["source"]!["op"]!["timeout"] = "2s";
        _host.Account.WithFault("""{"command":"list events","do":"hang"}""");

        var exitCode = await TellAsync("collect --verbose --log-format json");

        exitCode.Should().Be(69);
        Everything().Should().NotContainAny(Secrets);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task A_wrong_password_is_not_told(string format)
    {
        _host.Account.With("password", "another");

        var exitCode = await TellAsync($"collect --verbose --log-format {format}");
        await TellAsync("status");

        exitCode.Should().Be(77);
        Everything().Should().NotContainAny(Secrets);
    }

    [Theory]
    [InlineData(401, "no such token: hush-siem-token-0123456789", 77)]
    [InlineData(403, "Authorization: Bearer hush-siem-token-0123456789", 77)]
    [InlineData(400, "X-Key: hush-header-key", 78)]
    [InlineData(404, "Cannot POST /hook/hush-path", 78)]
    [InlineData(404, "no receiver at /hook/hush-path?key=hush-query", 78)]
    [InlineData(404, "unknown key hush-query", 78)]
    [InlineData(503, "overloaded by hush-siem-token-0123456789", 75)]
    public async Task An_answer_that_echoes_a_secret_is_shown_without_it(int status, string body, int expected)
    {
        _receiver.Otherwise = Receiver.Answer.Of(status, body, "Retry-After: 86400");

        var exitCode = await TellAsync("collect --verbose");
        await TellAsync("status");

        exitCode.Should().Be(expected);
        Everything().Should().Contain($"answered {status}").And.NotContainAny(Secrets);
    }

    [Fact]
    public async Task An_answer_that_is_cut_in_the_middle_of_a_secret_shows_no_part_of_it()
    {
        _receiver.Then(Receiver.Answer.Of(401, new string('x', 190) + Token));

        var exitCode = await TellAsync("collect --verbose");

        exitCode.Should().Be(77);
        Everything().Should().Contain("xxx").And.NotContainAny(Secrets);
    }

    [Theory]
    [InlineData("SIEM_TOKEN", "hush\"token\\0123", "text")]
    [InlineData("SIEM_TOKEN", "hush\"token\\0123", "json")]
    [InlineData("SIEM_KEY", "hush  token  0123", "text")]
    [InlineData("SIEM_TOKEN", "hush'token+0123<&>", "json")]
    public async Task An_answer_with_a_secret_of_odd_characters_is_shown_without_it(string variable, string token, string format)
    {
        _host.Environment[variable] = token;
        _receiver.Then(Receiver.Answer.Of(401, $"no such token: {token}"));

        var exitCode = await TellAsync($"collect --log-format {format}");
        await TellAsync("status");

        exitCode.Should().Be(77);
        Everything().Should().NotContainAny(Secrets);
    }

    [Theory]
    [InlineData("""{"error":"no such token: Bearer hush\/token\u002B0123="}""")]
    [InlineData("""{"error":"no such token: Bearer hush\u002ftoken\u002b0123\u003d"}""")]
    [InlineData("""{"error":"cannot POST \/hook\/hush-path"}""")]
    public async Task An_answer_that_spells_a_secret_as_JSON_libraries_do_is_shown_without_it(string body)
    {
        _host.Environment["SIEM_TOKEN"] = "hush/token+0123=";
        _receiver.Then(Receiver.Answer.Of(401, body));

        var exitCode = await TellAsync("collect");
        await TellAsync("status");

        exitCode.Should().Be(77);
        Everything().Should().Contain("answered 401").And.NotContainAny(Secrets);
    }

    [Theory]
    [InlineData("as it is", "text")]
    [InlineData("URL", "json")]
    [InlineData("HTML", "text")]
    [InlineData("HTML in a URL", "text")]
    [InlineData("base64", "json")]
    [InlineData("base64url behind something", "text")]
    [InlineData("hex", "json")]
    [InlineData("upper case", "text")]
    [InlineData("begin", "text")]
    [InlineData("end", "json")]
    public async Task An_answer_that_repeats_a_secret_in_another_form_is_shown_without_it(string form, string format)
    {
        const string Odd = "hush/Siem+t0ken=0123456789&<x>";
        _host.Environment["SIEM_TOKEN"] = Odd;
        var bytes = Encoding.UTF8.GetBytes(Odd);
        var repeated = form switch
        {
            "URL" => Uri.EscapeDataString(Odd),
            "HTML" => WebUtility.HtmlEncode(Odd),
            "HTML in a URL" => Uri.EscapeDataString(WebUtility.HtmlEncode(Odd)),
            "base64" => Convert.ToBase64String(bytes),
            "base64url behind something" => Base64Url.EncodeToString([.. "Bearer "u8, .. bytes]),
            "hex" => Convert.ToHexStringLower(bytes),
            "upper case" => Odd.ToUpperInvariant(),
            "begin" => Odd[..16],
            "end" => Odd[^16..],
            _ => Odd,
        };
        _receiver.Otherwise = Receiver.Answer.Of(401, $"no such token [{repeated}]");

        var exitCode = await TellAsync($"collect --verbose --log-format {format}");
        await TellAsync("status");

        exitCode.Should().Be(77);
        Everything().Should().Contain("no such token [").And.NotContainAny([repeated, repeated[..12], repeated[^12..], .. Secrets]);
    }

    [Theory]
    [InlineData(
        "HTTPS_PROXY",
        "http://hush-user-0123:hush-proxy-w0rd@proxy.example:3128",
        "proxyconnect tcp: 407 for hush-user-0123 with hush-proxy-w0rd")]
    [InlineData(
        "https_proxy", "http://hush-user-0123@proxy.example:3128", "proxyconnect tcp: http://hush-user-0123@proxy.example:3128: no")]
    public async Task What_op_says_of_its_proxy_is_shown_without_who_we_are(string variable, string value, string text)
    {
        _host.Environment[variable] = value;
        _host.Account.WithFault(
            new JsonObject { ["command"] = "list events", ["do"] = "exit", ["code"] = 1, ["text"] = text }.ToJsonString());

        var exitCode = await TellAsync("collect --verbose");
        await TellAsync("status");

        exitCode.Should().Be(69);
        Everything().Should().Contain("proxyconnect").And.NotContainAny(Secrets);
    }

    [Fact]
    public async Task A_word_of_ours_is_never_cut_because_an_address_has_it_too()
    {
        _host.Environment["SIEM_URL"] = $"{_receiver.Url}/collect/events?service=opcollector&source=events";
        _receiver.Otherwise = Receiver.Answer.Of(503, "busy", "Retry-After: 86400");

        await TellAsync("collect --verbose");
        await TellAsync("status");
        await TellAsync("check");

        Everything().Should().NotContain("***").And.Contain("events");
    }

    [Fact]
    public async Task A_redirect_to_an_address_with_a_secret_is_not_shown()
    {
        _receiver.Then(Receiver.Answer.Of(307, $"moved to /{Token}", $"Location: https://elsewhere.example/{Token}"));

        var exitCode = await TellAsync("collect --verbose");

        exitCode.Should().Be(78);
        Everything().Should().NotContainAny(Secrets);
    }

    [Fact]
    public async Task A_sink_that_cannot_be_reached_is_named_without_its_path()
    {
        _host.Configuration["maxRunTime"] = "4s";
        _host.Environment["SIEM_URL"] = $"{Receiver.Nowhere}/hush-path?key=hush-query";

        var exitCode = await TellAsync("collect --verbose");
        await TellAsync("check");

        exitCode.Should().Be(75);
        Everything().Should().Contain("http://127.0.0.1:").And.NotContainAny(Secrets);
    }

    [Fact]
    public async Task The_credentials_of_basic_authentication_are_not_shown_in_either_form()
    {
        var encoded = Convert.ToBase64String("alice:hush-siem-token-0123456789"u8);
        _host.Configuration["sink"]!["auth"] = JsonNode.Parse("""{"basic":{"user":"alice","password":{"env":"SIEM_TOKEN"}}}""");
        _receiver.Then(Receiver.Answer.Of(401, $"Authorization: Basic {encoded} is not alice:{Token}"));

        await TellAsync("collect --verbose");

        _receiver.Requests.Should().ContainSingle().Which.Header("Authorization").Should().Be($"Basic {encoded}");
        Everything().Should().Contain("answered 401").And.NotContainAny([encoded, .. Secrets]);
    }

    [Theory]
    [InlineData("SIEM_TOKEN", "hush\ntoken")]
    [InlineData("SIEM_KEY", "hush\u0007key")]
    [InlineData("SIEM_TOKEN", "hüsh-token hush")]
    [InlineData("SIEM_URL", "hush-url")]
    [InlineData("SIEM_URL", "http://siem.example/hush-path")]
    [InlineData("SIEM_URL", "https://alice:hush-password@siem.example/")]
    [InlineData("OP_TOTP", "hush!not-base32-0189")]
    public async Task A_secret_that_cannot_be_used_is_refused_and_not_shown(string variable, string value)
    {
        _host.Environment[variable] = value;

        var exitCode = await TellAsync("collect --verbose");
        await TellAsync("check");

        exitCode.Should().Be(78);
        Everything().Should().NotContainAny(["hüsh", .. Secrets]);
    }

    [Fact]
    public async Task The_environment_of_op_holds_no_secret_but_its_session()
    {
        await TellAsync("collect");

        _host.Account.Journal.SelectMany(call => call["env"]!.AsArray().Select(name => (string)name!)).Distinct()
            .Should().BeSubsetOf(["HOME", "OP_SESSION_acme", "PATH", "TMPDIR"]);
    }

    string[] Secrets => [.. Words, .. Sessions];

    // The emulator's ledger knows the sessions that it gave out.
    string[] Sessions => File.Exists(Ledger)
        ? [.. File.ReadAllLines(Ledger)
            .Where(line => line.StartsWith("session ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', '\t')[1])]
        : [];

    string Ledger => Path.Combine(_host.Home, "op-ledger.tsv");

    async Task<int> TellAsync(string arguments)
    {
        var run = await _host.RunAsync(arguments.Split(' '));
        _told.AppendLine(run.Stdout).AppendLine(run.Stderr);
        return run.ExitCode;
    }

    /// <summary>All that was printed, all that lies in the state directory, and how op was called.</summary>
    string Everything()
    {
        _told.AppendJoin('\n', _host.Account.Calls);
        foreach (var file in Directory.Exists(Path.Combine(_host.Root, "state"))
            ? Directory.GetFiles(Path.Combine(_host.Root, "state"), "*", SearchOption.AllDirectories)
            : [])
        {
            _told.AppendLine(file).AppendLine(File.ReadAllText(file));
        }

        return _told.ToString();
    }
}
