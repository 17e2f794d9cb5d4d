using OpCollector.Sources.Op;

namespace OpCollector.Tests;

/// <summary>Which variables op gets.</summary>
public sealed class OpEnvironmentSpecs
{
    [Theory]
    [InlineData("PATH", true)]
    [InlineData("HOME", true)]
    [InlineData("TMPDIR", true)]
    [InlineData("TZ", true)]
    [InlineData("LANG", true)]
    [InlineData("LC_TIME", true)]
    [InlineData("XDG_CONFIG_HOME", true)]
    [InlineData("XDG_RUNTIME_DIR", true)]
    [InlineData("SSL_CERT_FILE", true)]
    [InlineData("SSL_CERT_DIR", true)]
    [InlineData("HTTP_PROXY", true)]
    [InlineData("http_proxy", true)]
    [InlineData("HTTPS_PROXY", true)]
    [InlineData("https_proxy", true)]
    [InlineData("NO_PROXY", true)]
    [InlineData("no_proxy", true)]
    [InlineData("OP_PASSWORD", false)]
    [InlineData("SIEM_TOKEN", false)]
    [InlineData("OP_SESSION_acme", false)]
    [InlineData("OP_SESSION_other", false)]
    [InlineData("OP_ACCOUNT", false)]
    [InlineData("CREDENTIALS_DIRECTORY", false)]
    [InlineData("LD_PRELOAD", false)]
    [InlineData("MY_PATH", false)]
    [InlineData("path", false)]
    public void A_variable_passes_only_when_op_needs_it(string name, bool passes)
    {
        var built = OpEnvironment.Build(EnvironmentVariables.None.With(name, "its value"), "acme", session: null);

        built.All.Should().Equal(passes ? new Dictionary<string, string> { [name] = "its value" } : []);
    }

    [Theory]
    [InlineData("acme", "OP_SESSION_acme")]
    [InlineData("ACME", "OP_SESSION_ACME")]
    [InlineData("my_team", "OP_SESSION_my_team")]
    [InlineData("my-team", "OP_SESSION_my-team", "OP_SESSION_my_team")]
    public void The_session_stands_under_every_name_that_op_may_look_for(string account, params string[] names)
    {
        var built = OpEnvironment.Build(EnvironmentVariables.None, account, "the token");

        built.All.Should().Equal(names.ToDictionary(name => name, _ => "the token"));
    }

    [Fact]
    public void A_session_of_our_own_environment_gives_way()
    {
        var built = OpEnvironment.Build(EnvironmentVariables.None.With("OP_SESSION_acme", "a stale one"), "acme", "the token");

        built["OP_SESSION_acme"].Should().Be("the token");
    }
}
