using System.Text.Json.Nodes;
using OpCollector.Sources;
using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>How op is run: its arguments, its environment, its stdin, and the session from sign-in to sign-out.</summary>
public sealed class SignInSpecs : IDisposable
{
    const string TotpSecret = "JBSWY3DPEHPK3PXP";

    readonly Sandbox _host = new();

    public void Dispose() => _host.Dispose();

    string Seen(string name) => File.ReadAllText(Path.Combine(_host.Home, name));

    int SignIns => _host.Account.Calls.Count(call => call.StartsWith("signin ", StringComparison.Ordinal));

    JsonNode Op => _host.Configuration["source"]!["op"]!;

    JsonNode Memory => JsonNode.Parse(File.ReadAllText(_host.State("op.json")))!;

    void UseTotp(string secret = TotpSecret)
    {
        Op["totpSecret"] = new JsonObject { ["env"] = "OP_TOTP" };
        _host.Environment["OP_TOTP"] = secret;
    }

    static long StepNow => OneTimeCode.StepAt(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData("0.2.1", "signin acme --output=raw", "list events 0 newer", "list events 1007 newer")]
    [InlineData("1.12.9", "signin acme --raw", "list events", "list events --eventid=1007")]
    public async Task Each_generation_is_spoken_to_in_its_own_grammar(string version, string signIn, string newest, string newer)
    {
        _host.Account.With("version", version).Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Account.Calls.Should().Equal(
            "--version",
            $"{signIn} --account=acme",
            $"{newest} --account=acme",
            "list users --account=acme",
            "list groups --account=acme",
            "list vaults --account=acme",
            $"{newer} --account=acme",
            "signout --account=acme");
    }

    [Theory]
    [InlineData("0.2.1", "list events 1357 older --account=acme")]
    [InlineData("1.12.9", "list events --eventid=1357 --older --account=acme")]
    public async Task Each_generation_is_asked_for_older_events_in_its_own_grammar(string version, string older)
    {
        var log = _host.Account.With("version", version).Log(151);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Account.Calls.Should().Contain(older);
        _host.Delivered.Should().Equal(log);
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task No_secret_is_in_an_argument_in_a_variable_of_op_or_in_any_output(string version)
    {
        _host.Account.With("version", version).With("totpSecret", TotpSecret).Log(3);
        _host.WithOp("""{ printf '%s\n' "$@"; env; } >> "$HOME/op-seen" """);
        UseTotp();

        var run = await _host.CollectAsync("--verbose");

        var code = OneTimeCode.Code(TotpSecret, (long)Memory["totpStep"]!)!;
        var token = Seen("op-seen").Split('\n').Last(line => line.StartsWith("OP_SESSION_acme=", StringComparison.Ordinal))[16..];
        var left = string.Concat(Directory.GetFiles(_host.State("")).Select(File.ReadAllText));
        run.ExitCode.Should().Be(0);
        token.Should().HaveLength(43);
        Seen("op-seen").Should().NotContainAny("correct horse", TotpSecret, code);
        (run.Stdout + run.Stderr + left).Should().NotContainAny("correct horse", TotpSecret, token);
        run.Stderr.Should().NotContain(code);
    }

    [Fact]
    public async Task The_password_comes_through_a_pipe()
    {
        _host.Account.Log(3);

        await _host.CollectAsync();

        _host.Account.Journal.Where(call => (string?)call["command"] == "signin").Select(call => (string?)call["stdin"])
            .Should().Equal("pipe");
    }

    [Fact]
    public async Task Every_other_call_finds_its_stdin_empty_and_at_its_end()
    {
        _host.Account.Log(3);
        _host.WithOp("""if [ "$1" != signin ]; then { echo "$1:"; cat; } >> "$HOME/op-read"; fi""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        Seen("op-read").Should().Be("--version:\nlist:\nlist:\nlist:\nlist:\nlist:\nsignout:\n");
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task A_shorthand_with_a_dash_works(string version)
    {
        var log = _host.Account.With("version", version).With("account", "my-team").Log(3);
        Op["account"] = "my-team";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log);
        _host.Account.Journal[^1]["env"]!.AsArray().Select(name => (string?)name)
            .Should().Contain(["OP_SESSION_my-team", "OP_SESSION_my_team"]);
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task Another_account_signed_in_last_does_not_disturb(string version)
    {
        var log = _host.Account.With("version", version).With("latestSignin", "other").Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log);
        _host.Account.Calls.Skip(1).Should().OnlyContain(call => call.EndsWith(" --account=acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Op_gets_what_it_needs_of_our_environment_and_nothing_else()
    {
        string[] passed =
        [
            "HTTPS_PROXY", "LANG", "LC_ALL", "SSL_CERT_DIR", "SSL_CERT_FILE", "TZ", "XDG_CONFIG_HOME", "http_proxy", "no_proxy"
        ];
        string[] kept = ["AWS_SECRET_ACCESS_KEY", "OPCOLLECTOR_CONFIG", "OP_SESSION_acme", "OP_SESSION_other", "SIEM_TOKEN", "XDGX", "LCX"];
        _host.Account.Log(3);
        foreach (var name in passed.Concat(kept))
        {
            _host.Environment[name] = "C";
        }

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Account.Journal.Select(call => string.Join(' ', call["env"]!.AsArray().Select(name => (string?)name))).Distinct()
            .Should().Equal(
                string.Join(' ', passed.Concat(["HOME", "PATH", "TMPDIR"]).Order(StringComparer.Ordinal)),
                string.Join(' ', passed.Concat(["HOME", "PATH", "TMPDIR", "OP_SESSION_acme"]).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Op_gets_our_variables_with_their_values()
    {
        _host.Account.Log(3);
        _host.Environment["TZ"] = "Europe/Stockholm";
        _host.WithOp("""env >> "$HOME/op-seen" """);

        await _host.CollectAsync();

        Seen("op-seen").Should().ContainAll(
            "PATH=/usr/bin:/bin\n", $"HOME={_host.Home}\n", $"TMPDIR={_host.Temporary}\n", "TZ=Europe/Stockholm\n");
    }

    [Theory]
    [InlineData("0.2.1", 20)]
    [InlineData("0.2.1", 700)]
    [InlineData("1.12.9", 20)]
    [InlineData("1.12.9", 700)]
    public async Task The_code_is_written_when_op_asks_for_it_and_not_before(string version, int delay)
    {
        var log = _host.Account.With("version", version).With("totpSecret", TotpSecret).With("totpPromptDelay", delay).Log(3);
        UseTotp();

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task An_op_that_asks_for_no_code_gets_none()
    {
        _host.Account.Log(3);
        UseTotp();

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        ((long)Memory["totpStep"]!).Should().Be(0);
    }

    [Fact]
    public async Task A_code_that_was_used_is_not_used_again_in_its_half_minute()
    {
        _host.Account.With("totpSecret", TotpSecret).Log(3);
        UseTotp();
        await _host.CollectAsync();
        _host.Account.ForgetCalls();
        _host.Configuration["maxRunTime"] = "1s";
        var used = StepNow;
        await File.WriteAllTextAsync(
            _host.State("op.json"),
            Memory.ToJsonString().Replace($"\"totpStep\":{Memory["totpStep"]}", $"\"totpStep\":{used}", StringComparison.Ordinal));

        await _host.CollectAsync();

        (SignIns > 0).Should().Be((long)Memory["totpStep"]! > used, "only a later code may be used");
    }

    [Fact]
    public async Task A_code_of_an_earlier_half_minute_is_waited_for_no_more()
    {
        _host.Account.With("totpSecret", TotpSecret).Log(3);
        UseTotp();
        Directory.CreateDirectory(_host.State(""), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var earlier = StepNow - 1;
        await File.WriteAllTextAsync(_host.State("op.json"), $$"""{"totpStep":{{earlier}}}""");
        _host.Configuration["maxRunTime"] = "15s";

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        ((long)Memory["totpStep"]!).Should().BeGreaterThan(earlier);
    }

    [Fact]
    public async Task A_sign_in_that_is_tried_again_does_not_send_the_same_code_again()
    {
        _host.Account.With("totpSecret", TotpSecret).Log(3);
        UseTotp();
        _host.Configuration["maxRunTime"] = "5s";
        _host.WithOp($$"""
            if [ "$1" = signin ] && [ ! -e "$HOME/tried" ]; then
              : > "$HOME/tried"
              {{ShippedFiles.OpEmulator}} "$@" > /dev/null
              echo "[ERROR] 2026/01/01 00:00:00 503: Service Unavailable" >&2
              exit 1
            fi
            """);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().NotBe(77, "the code has been used, and only the next one is good");
        Memory["refusal"].Should().BeNull();
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task A_code_of_the_wrong_secret_is_tried_once(string version)
    {
        _host.Account.With("version", version).With("totpSecret", TotpSecret).Log(3);
        UseTotp("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.Stderr.Should().Contain("source.op.totpSecret");
        SignIns.Should().Be(1);
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task A_code_asked_for_and_not_configured_is_said_so(string version)
    {
        _host.Account.With("version", version).With("totpSecret", TotpSecret).Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.Stderr.Should().ContainAll("two-factor", "source.op.totpSecret");
        SignIns.Should().Be(1);
    }

    [Fact]
    public async Task A_secret_that_is_no_base32_is_a_wrong_configuration()
    {
        _host.Account.With("totpSecret", TotpSecret).Log(3);
        UseTotp("0189 is no base32");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Stderr.Should().ContainAll("totpSecret", "base32").And.NotContain("0189");
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task A_session_that_dies_again_and_again_is_renewed_and_no_event_is_lost(string version)
    {
        var log = _host.Account.With("version", version).Log(10);
        await _host.CollectAsync();
        var more = _host.Account.With("sessionLifeCalls", 2).Log(320, first: 5000);
        _host.Account.ForgetCalls();

        var run = await _host.CollectAsync();

        run.Should().Be(new FinishedRun(0, "", ""));
        SignIns.Should().BeGreaterThan(1);
        _host.Delivered.Should().Equal([.. log, .. more]);
    }

    [Fact]
    public async Task An_expired_session_in_the_words_of_a_missing_one_is_renewed()
    {
        var log = _host.Account.Log(10);
        _host.Account.WithFault(
            """{"command":"list events","call":2,"times":2,"do":"exit","text":"You are not currently signed in. Please run `op signin --help` for instructions"}""");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        SignIns.Should().Be(2);
        _host.Delivered.Should().Equal(log);
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task A_session_that_dies_at_once_is_renewed_once_and_no_more(string version)
    {
        _host.Account.With("version", version).WithFault("""{"command":"list events","do":"expire"}""").Log(10);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        run.Stderr.Should().Contain("op list events");
        SignIns.Should().Be(2);
        _host.Delivered.Should().BeEmpty();
    }

    [Theory]
    [InlineData("0.2.1")]
    [InlineData("1.12.9")]
    public async Task A_session_that_op_could_not_keep_is_a_broken_host_and_no_reason_to_sign_in_again(string version)
    {
        _host.Account.With("version", version).With("sessionNotStored", true).Log(10);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Stderr.Should().ContainAll("HOME", "TMPDIR");
        SignIns.Should().Be(1);
    }

    [Fact]
    public async Task A_TMPDIR_that_does_not_exist_is_named()
    {
        _host.Account.Log(10);
        _host.Environment["TMPDIR"] = Path.Combine(_host.Root, "nowhere");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        run.Stderr.Should().Contain("TMPDIR");
    }

    [Fact]
    public async Task A_sign_in_elsewhere_that_ends_our_session_is_survived()
    {
        var log = _host.Account.With("endOtherSessions", true).WithFault("""{"command":"list events","call":1,"do":"wait"}""").Log(10);
        using var run = _host.Start("collect");
        await Until.ExistsAsync(Path.Combine(_host.Home, "op-waiting"));

        var other = await _host.RunAsync("check");
        await File.WriteAllTextAsync(Path.Combine(_host.Home, "op-go"), "");
        var ended = await run.ToEndAsync();

        other.ExitCode.Should().Be(0);
        ended.ExitCode.Should().Be(0);
        SignIns.Should().Be(3);
        _host.Delivered.Should().Equal(log);
    }

    [Fact]
    public async Task The_version_is_asked_again_when_the_file_of_op_changes()
    {
        _host.Account.Log(10);
        _host.WithOp("# the old one");
        await _host.CollectAsync();
        _host.Account.With("version", "0.2.1").ForgetCalls();
        _host.WithOp("# the new one, and a longer file");

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Account.Calls.Should().Equal(
            "--version", "signin acme --output=raw --account=acme", "list events 1000 newer --account=acme", "signout --account=acme");
    }

    [Fact]
    public async Task The_version_is_asked_again_when_the_file_of_op_is_replaced_by_one_of_the_same_size()
    {
        _host.Account.Log(10);
        var op = _host.WithOp("# one");
        await _host.CollectAsync();
        _host.Account.ForgetCalls();
        File.SetLastWriteTimeUtc(op, DateTime.UtcNow.AddMinutes(-5));

        await _host.CollectAsync();

        _host.Account.Calls[0].Should().Be("--version");
    }

    [Fact]
    public async Task The_version_is_asked_again_when_the_file_behind_a_symbolic_link_changes()
    {
        _host.Account.Log(10);
        var target = _host.WithOp("# one", "op-1.12");
        var link = Path.Combine(_host.Root, "op");
        File.CreateSymbolicLink(link, target);
        Op["path"] = link;
        await _host.CollectAsync();
        _host.Account.With("version", "0.2.1").ForgetCalls();
        _host.WithOp("# two", "op-1.12");
        Op["path"] = link;

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Account.Calls[0].Should().Be("--version");
    }

    [Fact]
    public async Task A_delivery_that_fails_is_followed_by_the_sign_out()
    {
        using var receiver = new Receiver().Then(Receiver.Answer.Of(404));
        _host.To(receiver).Account.Log(10);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78);
        _host.Account.Calls[^1].Should().Be("signout --account=acme");
    }

    [Fact]
    public async Task A_page_that_fails_is_followed_by_the_sign_out()
    {
        _host.Account.With("permission", "none").Log(10);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77);
        _host.Account.Calls[^1].Should().Be("signout --account=acme");
    }

    [Theory]
    [InlineData("""{"command":"signout","do":"http","status":500}""")]
    [InlineData("""{"command":"signout","do":"expire"}""")]
    [InlineData("""{"command":"signout","do":"network"}""")]
    public async Task A_sign_out_that_fails_spoils_nothing(string fault)
    {
        var log = _host.Account.WithFault(fault).Log(10);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0);
        _host.Delivered.Should().Equal(log);
    }
}
