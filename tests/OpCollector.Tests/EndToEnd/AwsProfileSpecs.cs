using System.Text.Json.Nodes;
using Answer = OpCollector.Tests.Support.Receiver.Answer;

namespace OpCollector.Tests;

/// <summary>Profiles of Amazon's tools that hold no keys: a role, a program that tells them, and what only a person can answer.</summary>
public sealed class AwsProfileSpecs(ObjectStoreServer server) : IClassFixture<ObjectStoreServer>, IAsyncLifetime
{
    const string Role = "arn:aws:iam::123456789012:role/collector";

    const string Container = """
        {"AccessKeyId":"SOURCE","SecretAccessKey":"hush-keys","Token":"hush-session","Expiration":"2099-01-01T00:00:00Z"}
        """;

    readonly Sandbox _host = new();
    readonly Receiver _giver = new();
    ObjectStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _store = await server.NewBucketAsync();
        _host.Configuration["sink"] = _store.Sink();
        _host.Configuration["sink"]!.AsObject().Remove("credentials");
        _host.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        _host.Environment["AWS_PROFILE"] = "siem";
        _host.Environment["AWS_ENDPOINT_URL_STS"] = new Uri(_giver.Url).GetLeftPart(UriPartial.Authority);
        _giver.Otherwise = Answer.Of(200, """
            <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>S3RVER</AccessKeyId>
            <SecretAccessKey>S3RVER</SecretAccessKey><SessionToken>hush-session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>
            </Credentials></AssumeRoleResult></AssumeRoleResponse>
            """, "Content-Type: text/xml");
    }

    public ValueTask DisposeAsync()
    {
        _giver.Dispose();
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("[siem]\nrole_arn = {0}\nsource_profile = keys\nexternal_id = acme\n[keys]\naws_access_key_id = SOURCE\naws_secret_access_key = hush-keys\n", 1)]
    [InlineData("[siem]\nrole_arn = {0}\ncredential_source = Environment\n", 1)]
    [InlineData("[siem]\nrole_arn = {0}\ncredential_source = EcsContainer\n", 2)]
    [InlineData("[siem]\nrole_arn = {0}\nsource_profile = middle\nexternal_id = acme\n[middle]\nrole_arn = {0}\nsource_profile = keys\nexternal_id = acme\n[keys]\naws_access_key_id = SOURCE\naws_secret_access_key = hush-keys\n", 2)]
    public async Task The_role_of_a_profile_is_taken_on_with_what_the_profile_names(string profiles, int asked)
    {
        Write(profiles);
        if (profiles.Contains("Environment", StringComparison.Ordinal))
        {
            (_host.Environment["AWS_ACCESS_KEY_ID"], _host.Environment["AWS_SECRET_ACCESS_KEY"]) = ("SOURCE", "hush-keys");
        }
        else if (profiles.Contains("EcsContainer", StringComparison.Ordinal))
        {
            _host.Environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = $"{_host.Environment["AWS_ENDPOINT_URL_STS"]}/creds";
            _giver.Then(Answer.Of(200, Container, "Content-Type: application/json"));
        }

        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync("--verbose");

        run.ExitCode.Should().Be(0, run.Stderr);
        run.Stderr.Should().NotContain("hush");
        _store.Lines.Select(Sandbox.Eid).Should().Equal(log);
        _giver.Requests.Should().HaveCount(asked);
        var first = _giver.Requests.First(request => request.Body.Length > 0);
        first.Body.Should().ContainAll("Action=AssumeRole", Uri.EscapeDataString(Role));
        first.Body.Contains("ExternalId=acme", StringComparison.Ordinal)
            .Should().Be(profiles.Contains("external_id", StringComparison.Ordinal));
        first.Header("Authorization").Should().Contain("Credential=SOURCE/");
    }

    [Fact]
    public async Task A_program_that_tells_the_keys_is_asked()
    {
        Write($$"""
            [siem]
            credential_process = /bin/echo '{"Version": 1, "AccessKeyId": "{{ObjectStore.Key}}", "SecretAccessKey": "{{ObjectStore.Key}}"}'
            """);
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(0, run.Stderr);
        _store.Lines.Select(Sandbox.Eid).Should().Equal(log);
    }

    [Theory]
    [InlineData("[other]\naws_access_key_id = K\naws_secret_access_key = hush-keys\n", "~/.aws/credentials")]
    [InlineData("[siem]\nrole_arn = {0}\n", "source_profile, or credential_source")]
    [InlineData("[siem]\nrole_arn = {0}\nsource_profile = nobody\n", "source_profile, or credential_source")]
    [InlineData("[siem]\nrole_arn = {0}\ncredential_source = Environment\nexternal_id = acme\n", "without external_id")]
    [InlineData("[siem]\nrole_arn = {0}\nsource_profile = keys\nmfa_serial = arn:aws:iam::123456789012:mfa/alice\n[keys]\naws_access_key_id = K\naws_secret_access_key = hush-keys\n", "mfa_serial")]
    [InlineData("[siem]\nsso_start_url = https://acme.awsapps.example/start\nsso_region = eu-central-1\nsso_account_id = 123456789012\nsso_role_name = collector\n", "aws configure export-credentials")]
    [InlineData("[siem]\nsso_session = acme\nsso_account_id = 123456789012\nsso_role_name = collector\n[sso-session acme]\nsso_start_url = https://acme.awsapps.example/start\nsso_region = eu-central-1\n", "aws configure export-credentials")]
    [InlineData("[siem]\nrole_arn = {0}\nsource_profile = person\n[person]\nsso_start_url = https://acme.awsapps.example/start\nsso_region = eu-central-1\nsso_account_id = 123456789012\nsso_role_name = collector\n", "aws configure export-credentials")]
    public async Task What_a_program_alone_cannot_have_is_told_in_a_line_and_nothing_is_lost(string profiles, string words)
    {
        Write(profiles);
        var log = _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(78, run.Stderr);
        run.LastWords.Should().Contain("AWS profile").And.Contain(words).And.NotContain("\n").And.NotContain("hush");
        _host.Configuration["sink"]!["credentials"] =
            JsonNode.Parse($$"""{"accessKeyId":"{{ObjectStore.Key}}","secretAccessKey":{"env":"S3_SECRET"} }""");
        _host.Environment["S3_SECRET"] = ObjectStore.Key;
        (await _host.CollectAsync()).ExitCode.Should().Be(0);
        _store.Lines.Select(Sandbox.Eid).Should().Equal(log);
    }

    [Fact]
    public async Task A_role_that_is_refused_is_told_by_its_code()
    {
        Write("[siem]\nrole_arn = {0}\nsource_profile = keys\n[keys]\naws_access_key_id = SOURCE\naws_secret_access_key = hush-keys\n");
        _giver.Otherwise = Answer.Of(403, "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>hush</Message></Error></ErrorResponse>");
        _host.Account.Log(3);

        var run = await _host.CollectAsync();

        run.ExitCode.Should().Be(77, run.Stderr);
        run.LastWords.Should().Contain("AccessDenied").And.NotContain("hush");
    }

    void Write(string profiles)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_host.Home, ".aws")).FullName;
        File.WriteAllText(Path.Combine(directory, "credentials"), profiles.Replace("{0}", Role, StringComparison.Ordinal));
    }
}
